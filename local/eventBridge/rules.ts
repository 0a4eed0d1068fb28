import * as v from "valibot";
import { unsupported } from "../cloud/awsError";
import { account } from "../cloud/cloud";
import { service } from "../iam/principal";
import type { Bus, Buses, Rule } from "./bus";
import { EventBridgeError, invalidRequest } from "./errors";
import { defaultBus, ruleArn } from "./names";
import { text } from "./parameters";
import { compilePattern } from "./pattern";
import { parseSchedule } from "./schedule";
import type { Schedules } from "./schedules";
import { makeTarget, type TargetRequest } from "./target";

/** A rule as PutRule takes it. */
export const ruleRequest = v.strictObject({
  Name: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, "it is no name of a rule")),
  EventBusName: text,
  EventPattern: text,
  ScheduleExpression: text,
  State: v.exactOptional(v.string()),
  Description: text,
  Tags: v.exactOptional(v.unknown()),
});

export type RuleRequest = v.InferOutput<typeof ruleRequest>;

const mostTargets = 5;

const isEnabled = (state: string): boolean => {
  if (state === "ENABLED" || state === "DISABLED") return state === "ENABLED";
  throw unsupported(`the state ${state} of a rule`);
};

/** Makes, changes and removes rules and their targets; their schedules follow. */
export class Rules {
  constructor(
    private readonly buses: Buses,
    private readonly schedules: Schedules,
    private readonly now: () => number,
  ) {}

  put(request: RuleRequest, creatorAccount: string): Rule {
    const { Name, EventBusName, EventPattern, ScheduleExpression, State = "ENABLED", Description } = request;
    const bus = this.buses.get(EventBusName);
    if (EventPattern === undefined && ScheduleExpression === undefined) {
      throw invalidRequest("Parameter(s) EventPattern or ScheduleExpression must be specified.");
    }
    const before = bus.rules.get(Name);
    const arn = ruleArn(bus.name, Name);
    const rule: Rule = {
      name: Name,
      arn,
      bus: bus.name,
      description: Description,
      enabled: isEnabled(State),
      pattern: EventPattern === undefined ? undefined : { text: EventPattern, matches: compilePattern(EventPattern) },
      schedule: ScheduleExpression === undefined ? undefined : this.#schedule(ScheduleExpression, bus),
      creatorAccount: before?.creatorAccount ?? creatorAccount,
      sender: service("events.amazonaws.com", { sourceArn: arn, sourceAccount: account }),
      targets: before?.targets ?? new Map(),
    };
    bus.rules.set(Name, rule);
    if (bus.name === defaultBus) this.schedules.arm(rule);
    return rule;
  }

  enable(rule: Rule, enabled: boolean): void {
    rule.enabled = enabled;
    if (rule.schedule) this.schedules.arm(rule);
  }

  /** One that is not there is deleted already. */
  delete(name: string, busNameOrArn?: string): void {
    const bus = this.buses.get(busNameOrArn);
    const rule = bus.rules.get(name);
    if (!rule) return;
    if (rule.targets.size > 0) throw invalidRequest("Rule can't be deleted since it has targets.");
    bus.rules.delete(name);
    if (rule.schedule) this.schedules.disarm(rule);
  }

  putTargets(rule: Rule, requests: readonly TargetRequest[]): void {
    const made = requests.map((request) => [request.Id, makeTarget(request)] as const);
    if (new Set([...rule.targets.keys(), ...made.map(([id]) => id)]).size > mostTargets) {
      throw new EventBridgeError(
        "LimitExceededException",
        "The requested resource exceeds the maximum number allowed.",
      );
    }
    for (const [id, target] of made) rule.targets.set(id, target);
  }

  #schedule(expression: string, bus: Bus): NonNullable<Rule["schedule"]> {
    if (bus.name !== defaultBus) {
      throw invalidRequest("ScheduleExpression is supported only on the default event bus.");
    }
    return { expression, next: parseSchedule(expression, this.now()).next };
  }
}
