import { metricNames } from "../../functions/processing/observe/metrics";
import { own, queueMetric } from "../alarmDefinition";
import type { Watched } from "../alarmDefinitions";
import type { Alarm } from "../alarms";
import type { HttpApi } from "../httpApi";
import { limitOf, watchedBy } from "./alarmed";
import { first, line, orNone, total } from "./line";
import { areas, lines, type Widget } from "./widget";

const shown = 4;

const apiWidget = (api: HttpApi): Widget => {
  const of = (name: string, stat: "Sum" | "p99" = "Sum") => ({
    namespace: "AWS/ApiGateway",
    name,
    stat,
    dimensions: { ApiId: api.resource.id },
  });
  return areas(`API: ${api.label}`, {
    lines: [
      total("requests", [of("Count")], { color: "#1f77b4" }),
      total("refused", [of("4xx")], { color: "#ff7f0e" }),
      total("failed", [of("5xx")], { color: "#d62728" }),
      line("p99", of("Latency", "p99"), { axis: "right", color: "#9467bd" }),
    ],
    units: { left: "in 5 min", right: "ms" },
  });
};

/** What waits, for how long, what nothing could be done with; and those who wait for an answer themselves. */
export const queueWidgets = (watched: Watched, alarms: readonly Alarm[]): Widget[] => {
  const { consumers, streams, directTriggers, deadLetters, deadLetterWatch, apis } = watched;
  const queues = [...consumers, ...streams, directTriggers].map(({ label, queue }) =>
    orNone(line(label, queueMetric(queue.queue, "ApproximateNumberOfMessagesVisible"))),
  );
  const { deadLettersStored, deadLettersUndelivered, deadLettersOfRuns, deadLettersWaiting } = metricNames;
  return [
    lines("Queues: messages that wait", { lines: { few: first(shown, queues) }, units: { left: "messages" } }),
    lines("Queues: the oldest message", {
      lines: { few: first(shown, watchedBy(alarms, "delay").map(orNone)) },
      units: { left: "s" },
      limit: limitOf(alarms, "delay"),
    }),
    lines("Dead letters", {
      lines: [
        total("new", [own(deadLetters.lambda, deadLettersStored)], { color: "#ff7f0e" }),
        total(
          "new, of the bus or a schedule",
          [deadLettersUndelivered, deadLettersOfRuns].map((name) => own(deadLetters.lambda, name)),
          { color: "#d62728" },
        ),
        line("wait for a decision", own(deadLetterWatch.lambda, deadLettersWaiting, "Maximum"), { color: "#1f77b4" }),
      ],
      units: { left: "letters" },
    }),
    ...apis.map(apiWidget),
  ];
};
