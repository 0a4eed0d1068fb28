import { emitKeypressEvents } from "node:readline";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Signal9Outputs } from "../../infra/outputs";
import type { EmbeddedCloud } from "../../local/embedded";
import { statusLine } from "../statusLine";
import { type Clients, makeClients } from "./clients";
import { readDeadLetters, redrive } from "./deadLetters";

interface Key {
  key: string;
  does: string;
  press: () => Promise<string>;
}

const hour = 3_600_000;

const day = "2026-10-29";
const stepsShown = 6;

/** What may be pressed while the platform runs. */
const makeKeys = (up: EmbeddedCloud, clients: Clients, outputs: Signal9Outputs): Key[] => {
  let lastSample = 0;
  // By the time: what --data kept of a run before has its own. Two of one millisecond are two nevertheless.
  const nextSample = (): string => {
    lastSample = Math.max(lastSample + 1, up.cloud.clock.now());
    return lastSample.toString(36).toUpperCase();
  };
  const publish = async (sample: string, detail: Record<string, unknown>): Promise<string> => {
    const eventId = `sample-${sample}`;
    const Detail = JSON.stringify({ eventId, correlationId: eventId, ...detail });
    const about = { EventBusName: outputs.bus.name, Source: "signal9.advisor", DetailType: "earningsProcessed" };
    await clients.eventBridge.send(new PutEventsCommand({ Entries: [{ ...about, Detail }] }));
    await up.idle();
    const steps = up.cloud.trace.recent(stepsShown).map(({ service, operation, resource, outcome }) => {
      const name = resource.split(":").slice(5).join(":");
      return `  ${service}:${operation} ${name} ${outcome}`;
    });
    return [`published ${eventId}; the last calls:`, ...steps].join("\n");
  };
  return [
    {
      key: "e",
      does: "publish an event",
      press: async () => {
        const sample = nextSample();
        const assetId = `SAMPLE-${sample}`;
        const entry = {
          asset_id: `ASSET#${assetId}`,
          earnings_date: day,
          status: "scheduled",
          version: 1,
          source_time: 0,
        };
        await clients.dynamodb.send(new PutCommand({ TableName: outputs.tables.earningsCalendar.name, Item: entry }));
        return publish(sample, { assetId, earningsDate: day });
      },
    },
    {
      key: "b",
      does: "publish a broken one",
      press: () => publish(nextSample(), { earningsDate: day }),
    },
    {
      key: "s",
      does: "fire the schedules",
      press: async () => {
        const names = up.services.eventBridge.schedules().map(({ name }) => name);
        for (const name of names) up.services.eventBridge.fire(name);
        await up.idle();
        return `fired ${names.join(", ")}`;
      },
    },
    {
      key: "t",
      does: "turn the clock by an hour",
      press: async () => {
        await up.turn(hour);
        return `it is ${new Date(up.cloud.clock.now()).toISOString()}`;
      },
    },
    {
      key: "d",
      does: "show dead letters",
      press: async () => {
        const found = await readDeadLetters(clients, outputs);
        const lines = found.map(({ consumer, category, reason }) => `  ${consumer}: ${category}: ${reason}`);
        return [numbered(found.length, "dead letter"), ...lines].join("\n");
      },
    },
    {
      key: "m",
      does: "show mails",
      press: async () => {
        const mails = up.services.sns.mailbox();
        const isMailed = up.run.resources.some(({ inputs }) => inputs["protocol"] === "email");
        return [
          numbered(mails.length, "mail"),
          ...mails.map(({ to, subject }) => `  to ${to}: ${subject}`),
          ...(isMailed ? [] : [`  set signal9:alarmEmail in Pulumi.${up.run.stack}.yaml, and alarms are mailed there`]),
        ].join("\n");
      },
    },
    {
      key: "r",
      does: "redrive dead letters",
      press: async () => {
        const ends = await redrive(clients, outputs, () => up.cloud.clock.now());
        await up.idle();
        return [
          numbered(ends.length, "dead letter"),
          ...ends.map(({ origin, did, why }) => `  ${origin}: ${did}: ${why}`),
        ].join("\n");
      },
    },
  ];
};

const keysALine = 3;

const keyLines = (keys: readonly Pick<Key, "key" | "does">[]): string => {
  const texts = keys.map(({ key, does }) => `${key} ${does}`);
  const lines: string[] = [];
  while (texts.length > 0) lines.push(texts.splice(0, keysALine).join(" · "));
  return `  press      ${lines.join("\n             ")}\n`;
};

const numbered = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** Does what keys are for, each after the one before: who presses quickly is not answered out of order. */
const oneByOne = (tell: (line: string) => void): { press: (key: Key) => void; end: () => void } => {
  let last: Promise<void> = Promise.resolve();
  let over = false;
  const work = async ({ does, press }: Key): Promise<void> => {
    if (over) return;
    statusLine.tell(`${does} …`);
    const told = await press().catch((error: Error) => `${error.name}: ${error.message}`);
    statusLine.end();
    if (!over) tell(told);
  };
  return {
    press: (key) => {
      last = last.then(() => work(key));
    },
    end: () => {
      over = true;
    },
  };
};

/** Listens for keys on a terminal, until q or Ctrl-C. */
export const listenForKeys = (
  up: EmbeddedCloud,
  outputs: Signal9Outputs,
  tell: (line: string) => void,
  quit: () => void,
): (() => void) => {
  const { stdin } = process;
  if (!stdin.isTTY) return () => undefined;
  const keys = makeKeys(up, makeClients(up.url), outputs);
  const help = keyLines([...keys, { key: "h", does: "show this" }, { key: "q", does: "quit" }]);
  const presses = oneByOne(tell);
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  const onKey = (_: string, { name, ctrl }: { name?: string; ctrl?: boolean }): void => {
    if (name === "q" || (ctrl && name === "c")) {
      quit();
      return;
    }
    if (name === "h") tell(help);
    const pressed = keys.find(({ key }) => key === name);
    if (pressed) presses.press(pressed);
  };
  stdin.on("keypress", onKey);
  // Who reads of a key may press it at once.
  tell(help);
  return () => {
    presses.end();
    stdin.off("keypress", onKey);
    stdin.setRawMode(false);
    stdin.pause();
  };
};
