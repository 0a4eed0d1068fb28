import type { Metric } from "../alarmDefinition";
import type { Watched } from "../alarmDefinitions";
import type { Alarm } from "../alarms";
import { coldStartNamespace, type Lambda } from "../lambda";
import { physicalName } from "../naming";
import { nearness } from "./alarmed";
import { first, highest, line, total } from "./line";
import { areas, lines, type Widget } from "./widget";

/** Every function that does the platform's work. */
export const lambdasOf = (watched: Watched): Lambda[] => [
  ...[...watched.consumers, ...watched.schedules, ...watched.streams].map(({ lambda }) => lambda),
  watched.directTriggers.lambda,
  watched.deadLetters.lambda,
  ...Object.values(watched.workflow.machine.steps),
  watched.search,
  ...watched.experiments,
  ...watched.apis.flatMap(({ lambdas }) => lambdas),
];

export const ofLambda = ({ physicalName: FunctionName }: Lambda, name: string, stat: Metric["stat"]): Metric => ({
  namespace: "AWS/Lambda",
  name,
  stat,
  dimensions: { FunctionName },
});

const coldStarts = (stat: Metric["stat"]): Metric => ({
  namespace: coldStartNamespace,
  name: physicalName("platform"),
  stat,
  dimensions: {},
});

/** How fast, how well, with how much memory, and how often from nothing. */
export const functionWidgets = (watched: Watched, alarms: readonly Alarm[]): Widget[] => {
  const lambdas = lambdasOf(watched);
  const of = (name: string, stat: Metric["stat"]) => lambdas.map((lambda) => ofLambda(lambda, name, stat));
  const slow = lambdas.map((lambda) => line(`${lambda.label} p99`, ofLambda(lambda, "Duration", "p99")));
  return [
    lines("Functions: duration, the slowest", {
      lines: {
        few: first(2, slow, [highest("any, p90", of("Duration", "p90")), highest("any, p50", of("Duration", "p50"))]),
      },
      units: { left: "ms" },
    }),
    areas("Functions: invocations", {
      lines: [
        total("invoked", of("Invocations", "Sum"), { color: "#1f77b4" }),
        total("crashed or timed out", of("Errors", "Sum"), { color: "#d62728" }),
        total("throttled", of("Throttles", "Sum"), { color: "#ff7f0e" }),
      ],
      units: { left: "in 5 min" },
    }),
    lines("Functions: memory, the fullest", {
      lines: { few: first(4, nearness(alarms, "memory")) },
      units: { left: "% of the alarm's level" },
      limit: { label: "alarm: 100", value: 100 },
    }),
    areas("Functions: cold starts", {
      lines: [
        total("cold starts", [coldStarts("SampleCount")], { color: "#1f77b4" }),
        line("p99", coldStarts("p99"), { axis: "right", color: "#9467bd" }),
      ],
      units: { left: "in 5 min", right: "ms" },
    }),
  ];
};
