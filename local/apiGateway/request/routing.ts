type Segment = { literal: string } | { variable: string; greedy: boolean };

export interface PathPattern {
  method: string;
  segments: readonly Segment[];
}

const methods = ["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

const readSegment = (text: string): Segment | undefined => {
  const [, variable, greedy] = /^\{([\w.:-]+)(\+?)\}$/.exec(text) ?? [];
  if (variable !== undefined) return { variable, greedy: greedy === "+" };
  return /[{}]/.test(text) ? undefined : { literal: text };
};

/** Undefined where it is no key that API Gateway would take. */
export const readRouteKey = (key: string): PathPattern | undefined => {
  const [, method = "", path = ""] = /^([A-Z]+) \/(\S*)$/.exec(key) ?? [];
  if (!methods.includes(method)) return undefined;
  const segments = path.split("/").map(readSegment);
  const known = segments.filter((segment) => segment !== undefined);
  const greedyAt = known.findIndex((segment) => "variable" in segment && segment.greedy);
  const greedyInside = greedyAt >= 0 && greedyAt < known.length - 1;
  return known.length < segments.length || greedyInside ? undefined : { method, segments: known };
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The path's variables, if the path fits. */
const variablesIn = ({ segments }: PathPattern, path: readonly string[]): Record<string, string> | undefined => {
  const variables: Record<string, string> = {};
  for (const [at, segment] of segments.entries()) {
    const given = path[at];
    if (given === undefined) return undefined;
    if ("literal" in segment) {
      if (segment.literal !== given) return undefined;
    } else {
      const rest = segment.greedy ? path.slice(at).join("/") : given;
      if (rest === "") return undefined;
      variables[segment.variable] = decoded(rest);
      if (segment.greedy) return variables;
    }
  }
  return segments.length === path.length ? variables : undefined;
};

const rank = (segment: Segment | undefined): number => {
  if (segment === undefined) return 0;
  if ("literal" in segment) return 3;
  return segment.greedy ? 1 : 2;
};

/** The more specific path first; of two alike, the one that names the method. */
const bySpecificity = (a: PathPattern, b: PathPattern): number => {
  for (let at = 0; at < Math.max(a.segments.length, b.segments.length); at++) {
    const difference = rank(b.segments[at]) - rank(a.segments[at]);
    if (difference !== 0) return difference;
  }
  return Number(a.method === "ANY") - Number(b.method === "ANY");
};

export interface Match<R> {
  route: R;
  variables: Record<string, string>;
}

/** The most specific of the routes that fit; `$default` takes what fits none. */
export const matchRoute = <R extends { pattern: PathPattern | undefined }>(
  routes: readonly R[],
  method: string,
  path: string,
): Match<R> | undefined => {
  const given = path.slice(1).split("/");
  const fitting = routes.flatMap((route) => {
    const { pattern } = route;
    if (!pattern || (pattern.method !== "ANY" && pattern.method !== method)) return [];
    const variables = variablesIn(pattern, given);
    return variables ? [{ route, pattern, variables }] : [];
  });
  const [best] = fitting.sort((a, b) => bySpecificity(a.pattern, b.pattern));
  if (best) return { route: best.route, variables: best.variables };
  const otherwise = routes.find(({ pattern }) => pattern === undefined);
  return otherwise && { route: otherwise, variables: {} };
};
