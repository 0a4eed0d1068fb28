import { analyzers } from "../analysis/analyzers";
import type { Analyzer } from "../analysis/token";
import { illegalArgument, mapperParsing, notHere, refuse } from "../errors";
import type { TermField, TextField } from "./field";
import { common, type Declaration } from "./parameters";

/** Whatever is no object has a text, as OpenSearch sees it. */
const asText = (value: unknown): string => {
  if (typeof value === "object") {
    throw refuse({ type: "illegal_state_exception", reason: "Can't get text on a START_OBJECT" });
  }
  return String(value);
};

export const keyword = (declaration: Declaration): TermField => {
  const { parameters, path } = declaration;
  const longest = Number(parameters["ignore_above"] ?? Number.POSITIVE_INFINITY);
  const normalizer = parameters["normalizer"];
  if (normalizer !== undefined && normalizer !== "lowercase")
    throw notHere(`the normalizer [${normalizer}] of [${path}]`);
  const term = (value: unknown): string => (normalizer ? asText(value).toLowerCase() : asText(value));
  return {
    ...common(declaration, ["index", "doc_values", "ignore_above", "normalizer"]),
    kind: "term",
    read: (value) => {
      const text = asText(value);
      if (text.length > longest) return undefined;
      if (Buffer.byteLength(text) > 32_766) {
        throw illegalArgument(
          `Document contains at least one immense term in field="${path}" (whose UTF8 encoding is longer than the max length 32766), all of which were skipped.`,
        );
      }
      return term(text);
    },
    term,
    show: (key) => ({ key }),
  };
};

const truth = (value: unknown): string => {
  if (value === true || value === "true") return "true";
  if (value === false || value === "false" || value === "") return "false";
  throw illegalArgument(`Failed to parse value [${value}] as only [true] or [false] are allowed.`);
};

export const boolean = (declaration: Declaration): TermField => ({
  ...common(declaration, ["index", "doc_values"]),
  kind: "term",
  read: truth,
  term: truth,
  show: (text) => ({ key: text === "true" ? 1 : 0, text }),
});

const analyzerOf = ({ path, parameters }: Declaration, name: string): Analyzer | undefined => {
  const wanted = parameters[name];
  if (wanted === undefined) return undefined;
  const found = analyzers[String(wanted)];
  if (!found) {
    const there = Object.keys(analyzers).join(" and ");
    throw mapperParsing(`analyzer [${wanted}] has not been configured in mappings: [${path}] may have ${there} here`);
  }
  return found;
};

export const text = (declaration: Declaration): TextField => {
  const analyzer = analyzerOf(declaration, "analyzer") ?? (analyzers["standard"] as Analyzer);
  return {
    ...common(declaration, ["index", "analyzer", "search_analyzer"]),
    columnar: false,
    kind: "text",
    read: asText,
    analyzer,
    searchAnalyzer: analyzerOf(declaration, "search_analyzer") ?? analyzer,
  };
};
