import { evaluateExpression } from "../metricMath";
import type { StatisticQuery } from "../metrics";
import { invalid } from "../refused";
import type { Frame, Series } from "../series";
import type { Watched } from "./definition";

/** The one series that an alarm judges, made of what `read` says of its metrics. */
export const watchedSeries = (watched: Watched, frame: Frame, read: (metric: StatisticQuery) => Series): Series => {
  if (watched.kind === "metric") return read(watched.metric);
  const { queries } = watched;
  const metrics = new Map(
    queries.flatMap((one) => (one.kind === "metric" ? [[one.id, read(one.metric)] as const] : [])),
  );
  const expressions = new Map(
    queries.flatMap((one) => (one.kind === "math" ? [[one.id, one.expression] as const] : [])),
  );
  const returned = queries.find(({ returnData }) => returnData);
  const [only, another] = returned
    ? evaluateExpression({ kind: "id", id: returned.id }, { frame, metrics, expressions })
    : [];
  if (!only || another) throw invalid("an alarm's expression must come to exactly one time series");
  return only;
};
