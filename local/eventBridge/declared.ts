import * as v from "valibot";
import { account } from "../cloud/cloud";
import type { Realise } from "../cloud/service";
import type { Declared, Realised } from "../engine/program";
import { compilePolicy } from "../iam/policy";
import { invalidRequest } from "./errors";
import { archiveArn, busNameIn, defaultBus } from "./names";
import { isUnknownKey } from "./parameters";
import { addArchive, type Parts, resume } from "./parts";
import { compilePattern } from "./pattern";
import { checkPolicyKeys } from "./policyKeys";
import { type RuleRequest, ruleRequest } from "./rules";
import { type TargetRequest, targetRequest } from "./target";

const text = v.exactOptional(v.string());
/** Understood, and without an effect here. */
const noEffect = v.exactOptional(v.unknown());
const described = { description: text, tags: noEffect, tagsAll: noEffect };

const inputsOf = <S extends v.GenericSchema>({ type, name, inputs }: Declared, schema: S): v.InferOutput<S> => {
  const given = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined && value !== null));
  const result = v.safeParse(schema, given);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const property = v.getDotPath(issue) ?? "";
  throw new Error(
    isUnknownKey(issue)
      ? `${type} ${name}: property ${property} is not supported by the embedded cloud`
      : `${type} ${name}: property ${property}: ${issue.message}`,
  );
};

/** A resource by what it may say, and what is made of it. */
export const realise =
  <S extends v.GenericSchema>(schema: S, make: (inputs: v.InferOutput<S>, name: string) => Realised): Realise =>
  (declared) => {
    const { type, name, inputs } = declared;
    const read = inputsOf(declared, schema);
    try {
      const { id, outputs } = make(read, name);
      return { id, outputs: { ...inputs, ...outputs } };
    } catch (error) {
      throw new Error(`${type} ${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  };

/** Only what is there: the requests know no undefined. */
const given = (request: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));

const requestOf = <S extends v.GenericSchema>(schema: S, request: Record<string, unknown>): v.InferOutput<S> => {
  const result = v.safeParse(schema, given(request));
  if (result.success) return result.output;
  throw invalidRequest(
    `Parameter ${v.getDotPath(result.issues[0])} is not valid. Reason: ${result.issues[0].message}.`,
  );
};

const busInputs = v.strictObject({ name: text, kmsKeyIdentifier: noEffect, ...described });

const archiveInputs = v.strictObject({
  name: text,
  eventSourceArn: v.string(),
  eventPattern: text,
  retentionDays: v.exactOptional(v.number()),
  description: text,
  kmsKeyIdentifier: noEffect,
});

const ruleInputs = v.strictObject({
  name: text,
  eventBusName: text,
  eventPattern: text,
  scheduleExpression: text,
  isEnabled: v.exactOptional(v.boolean()),
  state: text,
  forceDestroy: noEffect,
  ...described,
});

const targetInputs = v.strictObject({
  arn: v.string(),
  rule: v.string(),
  eventBusName: text,
  targetId: text,
  input: text,
  inputPath: text,
  inputTransformer: v.exactOptional(
    v.strictObject({ inputPaths: v.exactOptional(v.record(v.string(), v.string())), inputTemplate: v.string() }),
  ),
  retryPolicy: v.exactOptional(
    v.strictObject({
      maximumRetryAttempts: v.exactOptional(v.number()),
      maximumEventAgeInSeconds: v.exactOptional(v.number()),
    }),
  ),
  deadLetterConfig: v.exactOptional(v.strictObject({ arn: text })),
  forceDestroy: noEffect,
});

const policyInputs = v.strictObject({ eventBusName: text, policy: v.string() });

const toRuleRequest = (inputs: v.InferOutput<typeof ruleInputs>, name: string): RuleRequest =>
  requestOf(ruleRequest, {
    Name: inputs.name ?? name,
    EventBusName: inputs.eventBusName,
    EventPattern: inputs.eventPattern,
    ScheduleExpression: inputs.scheduleExpression,
    State: inputs.state ?? (inputs.isEnabled === false ? "DISABLED" : "ENABLED"),
    Description: inputs.description,
  });

const toTargetRequest = (
  { arn, input, inputPath, inputTransformer, retryPolicy, deadLetterConfig }: v.InferOutput<typeof targetInputs>,
  Id: string,
): TargetRequest =>
  requestOf(targetRequest, {
    Id,
    Arn: arn,
    Input: input,
    InputPath: inputPath,
    InputTransformer:
      inputTransformer &&
      given({
        InputPathsMap: inputTransformer.inputPaths,
        InputTemplate: inputTransformer.inputTemplate,
      }),
    RetryPolicy:
      retryPolicy &&
      given({
        MaximumRetryAttempts: retryPolicy.maximumRetryAttempts,
        MaximumEventAgeInSeconds: retryPolicy.maximumEventAgeInSeconds,
      }),
    DeadLetterConfig: deadLetterConfig && given({ Arn: deadLetterConfig.arn }),
  });

/** What the program declares of EventBridge. */
export const declaredResources = (parts: Parts): Record<string, Realise> => ({
  "aws:cloudwatch/eventBus:EventBus": realise(busInputs, (inputs, label) => {
    const { name, arn } = parts.buses.create(inputs.name ?? label, inputs.description);
    return { id: name, outputs: { name, arn } };
  }),
  "aws:cloudwatch/eventArchive:EventArchive": realise(archiveInputs, (inputs, label) => {
    const { eventPattern, eventSourceArn: source, description, retentionDays } = inputs;
    const name = inputs.name ?? label;
    const arn = archiveArn(name);
    const pattern =
      eventPattern === undefined ? undefined : { text: eventPattern, matches: compilePattern(eventPattern) };
    const createdAt = parts.cloud.clock.now();
    addArchive(parts, { name, arn, source, description, pattern, retentionDays, createdAt });
    return { id: name, outputs: { name, arn } };
  }),
  "aws:cloudwatch/eventRule:EventRule": realise(ruleInputs, (inputs, label) => {
    const { name, arn, bus } = parts.rules.put(toRuleRequest(inputs, label), account);
    return { id: name, outputs: { name, arn, eventBusName: inputs.eventBusName ?? bus } };
  }),
  "aws:cloudwatch/eventTarget:EventTarget": realise(targetInputs, (inputs, label) => {
    const { rule, eventBusName = defaultBus, targetId = label } = inputs;
    const owner = parts.buses.rule(rule, eventBusName);
    parts.rules.putTargets(owner, [toTargetRequest(inputs, targetId)]);
    resume(parts, owner);
    const bus = busNameIn(eventBusName);
    const id = `${bus === defaultBus ? "" : `${bus}-`}${rule}-${targetId}`;
    return { id, outputs: { eventBusName, targetId } };
  }),
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": realise(policyInputs, ({ eventBusName = defaultBus, policy }) => {
    const bus = parts.buses.get(eventBusName);
    const compiled = compilePolicy(policy, { name: bus.name, kind: "resource" });
    checkPolicyKeys(compiled);
    bus.policy = { document: policy, compiled };
    return { id: bus.name, outputs: { eventBusName } };
  }),
});
