import type { Declared } from "../../engine/program";
import type { Notification, TargetKind } from "../notification/target";
import { type Properties, understand } from "./understood";

const lists: readonly { list: string; kind: TargetKind; arn: string }[] = [
  { list: "queues", kind: "Queue", arn: "queueArn" },
  { list: "topics", kind: "Topic", arn: "topicArn" },
  { list: "lambdaFunctions", kind: "CloudFunction", arn: "lambdaFunctionArn" },
];

/** Who a notification declares is to be told. */
export const declaredNotification = (declared: Declared): Notification => {
  const inputs = understand(declared, declared.inputs, [
    "bucket",
    "region",
    "eventbridge",
    ...lists.map(({ list }) => list),
  ]);
  const targets = lists.flatMap(({ list, kind, arn }) =>
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
  return { targets, eventBridge: inputs["eventbridge"] === true };
};
