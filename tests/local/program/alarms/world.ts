import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import type { AlarmKind } from "../../../../infra/alarmKinds";
import type { Fault } from "../../../../local/cloud/faults";
import { compilePolicy } from "../../../../local/iam/policy";
import { scan } from "../book";
import { minute, prefix, type Shared } from "../sharedCloud";
import { runbookReader } from "./runbook";

/** More than a rate is judged by. */
export const many = Array.from({ length: 60 }, (_, at) => at);

/** The alarm of a kind by which it is tried, without what all names begin with. */
type Alarms = Partial<Record<AlarmKind, string>>;

/** What is taken from a role, from all that it was given. */
type Taken = string | { Action: string; Resource: string };

const deny = (taken: Taken) => ({
  Effect: "Deny",
  ...(typeof taken === "string" ? { Action: taken, Resource: "*" } : taken),
});
export const allowNothing = {
  Effect: "Allow",
  Action: "logs:PutLogEvents",
  Resource: "arn:aws:logs:us-east-1:1:log-group:x",
};

/** The shared cloud, its alarms, and causes for them. */
export const alarmWorld = (shared: () => Shared) => {
  const raised = new Set<string>();
  const over = new Set<string>();

  const states = () =>
    new Map(
      shared()
        .up.services.cloudWatch.alarms()
        .map(({ name, state }) => [name.replace(prefix, ""), state]),
    );
  const expectAll = (state: "ALARM" | "OK", alarms: Alarms) => {
    const now = states();
    const found = Object.fromEntries(Object.values(alarms).map((name) => [name, now.get(name)]));
    expect(found).to.deep.equal(Object.fromEntries(Object.keys(found).map((name) => [name, state])));
    for (const kind of Object.keys(alarms)) (state === "ALARM" ? raised : over).add(kind);
  };
  const pass = (minutes: number) => shared().up.turn(minutes * minute);
  const setPolicy = (label: string, statement: object) =>
    shared().up.cloud.putRolePolicy(
      `arn:aws:iam::123456789012:role/${prefix}${label}`,
      "taken",
      compilePolicy({ Version: "2012-10-17", Statement: [statement] }, { name: "taken", kind: "identity" }),
    );
  const tell = async (type: string, details: readonly Record<string, unknown>[]) => {
    for (let at = 0; at < details.length; at += 10) {
      await shared().tell(...details.slice(at, at + 10).map((detail) => ({ type, detail })));
    }
  };

  return {
    shared,
    raised,
    over,
    expectAll,
    pass,
    setPolicy,
    expectNamed: runbookReader(shared),
    tell,
    /** The alarms go off within the period of what caused them; CloudWatch looks back a little further where data is missing. */
    expectRaised: async (alarms: Alarms) => {
      await pass(2);
      expectAll("ALARM", alarms);
    },
    expectOver: async (alarms: Alarms) => {
      await pass(20);
      expectAll("OK", alarms);
    },
    during: async (faults: readonly Fault[], work: () => Promise<void>) => {
      const injected = faults.map((fault) => shared().up.cloud.faults.inject(fault));
      try {
        await work();
        for (const [at, one] of injected.entries()) {
          expect(one.hits(), JSON.stringify(faults[at])).to.be.greaterThan(0);
        }
      } finally {
        for (const one of injected) one.remove();
      }
    },
    /** Refusals are not tried again in the same breath, as other errors are: it goes faster. */
    without: async (rights: Record<string, Taken>, work: () => Promise<void>) => {
      for (const [label, taken] of Object.entries(rights)) setPolicy(label, deny(taken));
      try {
        await work();
      } finally {
        for (const label of Object.keys(rights)) setPolicy(label, allowNothing);
      }
    },
    hear: (enabled: boolean, ...labels: string[]) => shared().hear(enabled, ...labels),
    fire: async (...labels: string[]) => {
      for (const label of labels) shared().fire(label);
      await shared().up.idle();
    },
    want: (symbols: readonly string[]) =>
      tell(
        "pollenationNeeded",
        symbols.map((assetId) => ({ assetId, dataTypes: ["earnings"], priority: "high" })),
      ),
    forget: async () => {
      for (const { letter_id } of await scan(shared(), "dead-letters")) {
        const TableName = `${prefix}dead-letters`;
        await shared().clients.dynamodb.send(new DeleteCommand({ TableName, Key: { letter_id } }));
      }
    },
  };
};

export type AlarmWorld = ReturnType<typeof alarmWorld>;
