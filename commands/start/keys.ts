import { emitKeypressEvents } from "node:readline";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { Signal9Outputs } from "../../infra/outputs";
import type { EmbeddedCloud } from "../../local/embedded";
import type { Clients } from "./clients";
import { readDeadLetters, redrive } from "./deadLetters";

interface Key {
  key: string;
  does: string;
  press: () => Promise<string>;
}

const hour = 3_600_000;

/** What may be pressed while the platform runs. */
const makeKeys = (up: EmbeddedCloud, clients: Clients, outputs: Signal9Outputs): Key[] => {
  let samples = 0;
  return [
    {
      key: "e",
      does: "publish a sample event",
      press: async () => {
        const detail = { eventId: `sample-${++samples}`, assetId: "AAPL", earningsDate: "2026-10-29" };
        await clients.eventBridge.send(
          new PutEventsCommand({
            Entries: [
              {
                EventBusName: outputs.bus.name,
                Source: "signal9.advisor",
                DetailType: "earningsProcessed",
                Detail: JSON.stringify(detail),
              },
            ],
          }),
        );
        await up.idle();
        const steps = up.cloud.trace.recent(6).map(({ service, operation, resource, outcome }) => {
          const [, , , , , ...name] = resource.split(":");
          return `  ${service}:${operation} ${name.join(":")} ${outcome}`;
        });
        return [`published ${detail.eventId}; the last calls:`, ...steps].join("\n");
      },
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
        return [`${found.length} dead letters`, ...lines].join("\n");
      },
    },
    {
      key: "r",
      does: "redrive them",
      press: async () => {
        await redrive(clients, outputs);
        await up.idle();
        return "moved back to their queues";
      },
    },
  ];
};

/** Listens for keys on a terminal, until q or Ctrl-C. */
export const listenForKeys = (
  up: EmbeddedCloud,
  clients: Clients,
  outputs: Signal9Outputs,
  tell: (line: string) => void,
  quit: () => void,
): (() => void) => {
  const { stdin } = process;
  if (!stdin.isTTY) return () => undefined;
  const keys = makeKeys(up, clients, outputs);
  tell(`  press      ${keys.map(({ key, does }) => `${key} ${does}`).join(" · ")} · q quit\n`);
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  const onKey = (_: string, { name, ctrl }: { name?: string; ctrl?: boolean }): void => {
    if (name === "q" || (ctrl && name === "c")) return quit();
    const pressed = keys.find(({ key }) => key === name);
    pressed?.press().then(tell, (error: Error) => tell(`${error.name}: ${error.message}`));
  };
  stdin.on("keypress", onKey);
  return () => {
    stdin.off("keypress", onKey);
    stdin.setRawMode(false);
    stdin.pause();
  };
};
