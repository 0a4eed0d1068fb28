import { errorKinds } from "../../functions/processing/failure";
import { metricNames } from "../../functions/processing/observe/metrics";
import { own } from "../alarmDefinition";
import type { Watched } from "../alarmDefinitions";
import type { Alarm } from "../alarms";
import { isGiven, type Lambda } from "../lambda";
import { limitOf, watchedBy } from "./alarmed";
import { lambdasOf } from "./functions";
import { type Line, line, total } from "./line";
import { areas, bars, lines, type Widget } from "./widget";

export const publishersOf = (watched: Watched): Lambda[] =>
  lambdasOf(watched).filter((lambda) => isGiven(lambda, "ENABLE_EVENT_PUBLISHING"));

const handledBy = ({ consumers }: Watched): Line[] =>
  consumers.map(({ label, lambda }) => line(label, own(lambda, metricNames.success)));

/** What came in, what became of it, why some of it did not go well, and whether ours gets out. */
export const eventWidgets = (watched: Watched, alarms: readonly Alarm[]): Widget[] => {
  const handling = [...watched.consumers, ...watched.streams, watched.directTriggers].map(({ lambda }) => lambda);
  const of = (name: (typeof metricNames)[keyof typeof metricNames], lambdas: readonly Lambda[] = handling) =>
    lambdas.map((lambda) => own(lambda, name));
  const consuming = watched.consumers.map(({ lambda }) => lambda);
  return [
    bars("Event flow: handled, by consumer", handledBy(watched)),
    areas("Event flow: what became of events", {
      lines: [
        total("handled", of(metricNames.success, consuming), { color: "#2ca02c" }),
        total("tried again", of(metricNames.failure, consuming), { color: "#ff7f0e" }),
        total("dead letter", of(metricNames.deadLettered, consuming), { color: "#d62728" }),
      ],
      units: { left: "events in 5 min" },
    }),
    areas("Event flow: failures, by category", {
      lines: errorKinds.map((kind) => total(kind, of(metricNames[`error${kind}`], lambdasOf(watched)))),
      units: { left: "failures in 5 min" },
    }),
    lines("Event flow: publishing", {
      lines: [
        total("published", of(metricNames.outboxPublished, publishersOf(watched)), { color: "#2ca02c" }),
        total("not at once", of(metricNames.outboxFailed, publishersOf(watched)), { color: "#d62728" }),
        ...watchedBy(alarms, "outbox-age").map((one): Line => ({ ...one, label: "oldest waits", axis: "right" })),
      ],
      units: { left: "events in 5 min", right: `s, ${limitOf(alarms, "outbox-age")?.label}` },
    }),
  ];
};
