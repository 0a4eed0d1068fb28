import { type MetricName, metricNames } from "../../functions/processing/observe/metrics";
import { own } from "../alarmDefinition";
import type { Watched } from "../alarmDefinitions";
import type { Alarm } from "../alarms";
import { isGiven } from "../lambda";
import type { Stream } from "../stream";
import { limitOf, watchedBy } from "./alarmed";
import { lambdasOf } from "./functions";
import { inSeconds, type Line, line, total } from "./line";
import { areas, type Widget } from "./widget";

const cacheWidget = (watched: Watched): Widget => {
  const users = lambdasOf(watched).filter((lambda) => isGiven(lambda, "CACHE_HOST"));
  const of = (name: MetricName) => users.map((lambda) => own(lambda, name));
  return areas("Cache", {
    lines: [
      total("found", of(metricNames.cacheHits), { color: "#2ca02c" }),
      total("not there", of(metricNames.cacheMisses), { color: "#7f7f7f" }),
      total("failed", of(metricNames.cacheFailures), { color: "#d62728" }),
    ],
    units: { left: "uses in 5 min" },
  });
};

const searchWidget = (watched: Watched): Widget => {
  const users = lambdasOf(watched).filter((lambda) => isGiven(lambda, "SEARCH_ENDPOINT"));
  const of = (name: MetricName) => users.map((lambda) => own(lambda, name));
  return areas("Search", {
    lines: [
      total("asked of the domain", of(metricNames.searchRequests), { color: "#1f77b4" }),
      total("failed", of(metricNames.searchErrors), { color: "#d62728" }),
      total("answered by tables", [own(watched.search, metricNames.searchDegraded)], { color: "#ff7f0e" }),
      line("a query, p99", own(watched.search, metricNames.duration, "p99"), { axis: "right", color: "#9467bd" }),
    ],
    units: { left: "in 5 min", right: "ms" },
  });
};

const streamWidget = ({ label, lambda }: Stream, alarms: readonly Alarm[]): Widget => {
  const { success, streamDuplicates, deadLettered, failure } = metricNames;
  const age = watchedBy(alarms, "iterator-age").find((one) => one.label === label);
  const oldest: Line[] = age ? [{ ...inSeconds(age), label: "oldest waits", axis: "right", color: "#9467bd" }] : [];
  return areas(`Stream: ${label}`, {
    lines: [
      total("counted", [own(lambda, success)], { color: "#2ca02c" }),
      total("counted before", [own(lambda, streamDuplicates)], { color: "#7f7f7f" }),
      total("refused", [own(lambda, deadLettered)], { color: "#d62728" }),
      total("tried again", [own(lambda, failure)], { color: "#ff7f0e" }),
      ...oldest,
    ],
    units: { left: "events in 5 min", right: `s, alarm: ${(limitOf(alarms, "iterator-age")?.value ?? 0) / 1_000}` },
  });
};

/** What functions lean on, and what comes in by the thousand. */
export const storeWidgets = (watched: Watched, alarms: readonly Alarm[]): Widget[] => [
  cacheWidget(watched),
  searchWidget(watched),
  ...watched.streams.map((stream) => streamWidget(stream, alarms)),
];
