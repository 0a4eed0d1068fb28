import { notHere } from "../errors";
import { asList, isObject, type Json } from "../json";
import { wildcard } from "../wildcard";

/** What of a document an answer shows; undefined: nothing of it. */
export type SourceFilter = ((source: Json) => Json) | undefined;

interface Patterns {
  whole: readonly RegExp[];
  /** Of what lies on the way to something. */
  onTheWay: (path: string) => boolean;
}

const patternsOf = (given: unknown): Patterns => {
  const texts = asList(given ?? []).map(String);
  return {
    whole: texts.map(wildcard),
    onTheWay: (path) =>
      texts.some((text) => {
        const depth = path.split(".").length;
        const parts = text.split(".");
        return text.includes("*") || (parts.length > depth && parts.slice(0, depth).join(".") === path);
      }),
  };
};

const keep = (value: unknown, path: string, included: boolean, includes: Patterns, excludes: Patterns): unknown => {
  if (excludes.whole.some((pattern) => pattern.test(path))) return undefined;
  const inside = included || includes.whole.some((pattern) => pattern.test(path));
  if (Array.isArray(value)) {
    if (inside && !value.some(isObject)) return value;
    const kept = value.flatMap((one) => keep(one, path, included, includes, excludes) ?? []);
    return kept.length > 0 || inside ? kept : undefined;
  }
  if (!isObject(value)) return inside ? value : undefined;
  if (!inside && !includes.onTheWay(path)) return undefined;
  const kept = keepFields(value, `${path}.`, inside, includes, excludes);
  return inside || Object.keys(kept).length > 0 ? kept : undefined;
};

const keepFields = (source: Json, prefix: string, included: boolean, includes: Patterns, excludes: Patterns): Json =>
  Object.fromEntries(
    Object.entries(source).flatMap(([name, value]) => {
      const kept = keep(value, `${prefix}${name}`, included, includes, excludes);
      return kept === undefined ? [] : [[name, kept]];
    }),
  );

/** Reads `_source`: whether, which, or which not. */
export const sourceFilter = (given: unknown): SourceFilter => {
  if (given === undefined || given === true || given === "true") return (source) => source;
  if (given === false || given === "false") return undefined;
  const asked = isObject(given) ? given : { includes: given };
  const stranger = Object.keys(asked).find((name) => !/^(includes?|excludes?)$/.test(name));
  if (stranger) throw notHere(`[${stranger}] in [_source]`);
  const includes = patternsOf(asked["includes"] ?? asked["include"]);
  const excludes = patternsOf(asked["excludes"] ?? asked["exclude"]);
  return (source) => keepFields(source, "", includes.whole.length === 0, includes, excludes);
};

/** The same, of parameters, over what a body says. */
export const sourceParameter = (query: URLSearchParams, otherwise?: unknown): SourceFilter => {
  const list = (name: string) => query.get(name)?.split(",");
  const includes = list("_source_includes");
  const excludes = list("_source_excludes");
  if (includes || excludes) return sourceFilter({ includes: includes ?? [], excludes: excludes ?? [] });
  const asked = list("_source");
  if (!asked) return sourceFilter(otherwise);
  return sourceFilter(asked.length === 1 && /^(true|false)$/.test(asked[0] ?? "") ? asked[0] : asked);
};
