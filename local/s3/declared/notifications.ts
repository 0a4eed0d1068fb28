import type { Declared } from "../../engine/program";
import type { NotificationTarget, TargetKind } from "../notification/target";
import { type Properties, refusal, understand } from "./understood";

const lists: readonly { list: string; kind: TargetKind; arn: string }[] = [
  { list: "queues", kind: "Queue", arn: "queueArn" },
  { list: "topics", kind: "Topic", arn: "topicArn" },
  { list: "lambdaFunctions", kind: "CloudFunction", arn: "lambdaFunctionArn" },
];

/** The targets that a notification declares. */
export const declaredTargets = (declared: Declared): NotificationTarget[] => {
  const inputs = understand(declared, declared.inputs, [
    "bucket",
    "region",
    "eventbridge",
    ...lists.map(({ list }) => list),
  ]);
  if (inputs["eventbridge"] === true)
    throw refusal(declared, "property eventbridge is not supported by the embedded cloud");
  return lists.flatMap(({ list, kind, arn }) =>
    ((inputs[list] ?? []) as Properties[]).map((source, at) => {
      const target = understand(declared, source, ["id", "events", "filterPrefix", "filterSuffix", arn], `${list}.`);
      return {
        id: String(target["id"] ?? `${declared.name}-${list}-${at}`),
        kind,
        arn: String(target[arn]),
        events: target["events"] as string[],
        prefix: String(target["filterPrefix"] ?? ""),
        suffix: String(target["filterSuffix"] ?? ""),
      };
    }),
  );
};
