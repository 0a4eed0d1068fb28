import type { RatedComponent, Rating } from "./schema";
import { percent, plain } from "./wording";

const heads = ["component", "weight", "score", "sector", "verdict", "why"];

const row = (one: RatedComponent): string[] => {
  const weight = percent(one.weight);
  if ("notComputable" in one) return [one.component, weight, "-", "-", "not computable", one.reason];
  const sector = one.percentile === undefined ? "-" : percent(one.percentile);
  const lacks = one.missing.length > 0 ? ` Without ${one.missing.join(", ")}.` : "";
  return [one.component, weight, plain(one.score), sector, one.verdict, `${one.reason}${lacks}`];
};

const table = (rows: readonly string[][]): string[] => {
  const widths = heads.map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0)));
  return rows.map((cells) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
};

const sources = ({ inputs }: Rating): string[] => inputs.map(({ type, report_key }) => `  ${type} ${report_key}`);

/** A rating as a table for people: what it came to, why, how sure that is, and what it was computed from. */
export const explain = (rating: Rating): string => {
  const { low, high } = rating.confidence_interval;
  const heaviest = [...rating.rating_components].sort((a, b) => b.weight - a.weight);
  return [
    `${rating.asset_id.slice("ASSET#".length)}: ${rating.investment_rating}`,
    rating.reason,
    `Between ${plain(low)} and ${plain(high)}, with a confidence of ${percent(rating.confidence)}; ` +
      `${rating.analysis_type}, rules ${rating.rules_version}, as of ${rating.as_of}.`,
    ...(rating.peers && "notComputable" in rating.peers ? [rating.peers.reason] : []),
    ...(rating.peers && "compared" in rating.peers
      ? [`Compared with ${rating.peers.compared} firms of the sector.`]
      : []),
    "",
    ...table([heads, ...heaviest.map(row)]),
    "",
    `Computed from ${rating.inputs.length} versions:`,
    ...sources(rating),
    "",
  ].join("\n");
};
