import type { Resource } from "../../local/engine/program";

const ofType = (resources: readonly Resource[], type: string): Resource[] =>
  resources.filter((resource) => resource.type === type);

const describeRule = (rule: Resource | undefined): string => {
  const { scheduleExpression, eventPattern } = rule?.inputs ?? {};
  if (typeof scheduleExpression === "string") return scheduleExpression;
  if (typeof eventPattern !== "string") return "a rule";
  const types = (JSON.parse(eventPattern) as { "detail-type"?: string[] })["detail-type"];
  return types?.join(", ") ?? "every event";
};

const ruleInto = (targetArn: unknown, resources: readonly Resource[]): string | undefined => {
  const targets = ofType(resources, "aws:cloudwatch/eventTarget:EventTarget").filter(
    ({ inputs }) => inputs["arn"] === targetArn,
  );
  if (targets.length === 0) return undefined;
  const rules = ofType(resources, "aws:cloudwatch/eventRule:EventRule");
  return targets
    .map((target) => describeRule(rules.find(({ outputs }) => outputs["name"] === target.inputs["rule"])))
    .join(", ");
};

/** What makes a function run, in words. */
export const triggerOf = (functionArn: unknown, resources: readonly Resource[]): string => {
  const mapping = ofType(resources, "aws:lambda/eventSourceMapping:EventSourceMapping").find(
    ({ inputs }) => inputs["functionName"] === functionArn,
  );
  if (mapping) {
    const { eventSourceArn, batchSize, maximumBatchingWindowInSeconds: window } = mapping.inputs;
    const queue = String(eventSourceArn).split(":").at(-1);
    const full = window ? `${batchSize} a batch or what has come in ${window} s` : `${batchSize} a batch`;
    if (queue?.startsWith("stream/")) return `records → ${queue.replace("/", " ")}, ${full}`;
    return `${ruleInto(eventSourceArn, resources) ?? "messages"} → queue ${queue}, ${full}`;
  }
  return ruleInto(functionArn, resources) ?? "invocation";
};
