import { randomUUID } from "node:crypto";
import type { Signal9Outputs } from "../../infra/outputs";
import type { Desk } from "../dlq/desk";
import { chosen, contentsOf } from "../dlq/letters";
import { redriveLetters, type Told } from "../dlq/redrive";
import type { Clients } from "./clients";

export interface DeadLetter {
  consumer: string;
  body: string;
  category: string;
  reason: string;
}

/** What is only read needs no other clock. */
export const deskOf = (clients: Clients, { bus }: Signal9Outputs, now: () => number = Date.now): Desk => {
  const prefix = bus.name.replace(/events$/, "");
  return {
    ...clients,
    table: `${prefix}dead-letters`,
    bucket: `${prefix}dead-letters-${bus.arn.split(":")[4]}`,
    who: "npm start",
    now,
    newId: randomUUID,
  };
};

/** Every dead letter that waits. A consumer goes by the name that it has in the outputs. */
export const readDeadLetters = async (clients: Clients, outputs: Signal9Outputs): Promise<DeadLetter[]> => {
  const desk = deskOf(clients, outputs);
  const consumers = new Map(Object.entries(outputs.queues).map(([name, { arn }]) => [arn, name]));
  const rows = await chosen(desk, { status: "waiting" });
  return Promise.all(
    rows.map(async (row) => ({
      consumer: consumers.get(row.source) ?? row.origin,
      body: (await contentsOf(desk, row)).body,
      category: row.category,
      reason: row.reason,
    })),
  );
};

/** Sends all dead letters where they failed. Doing it twice is safe: each is sent once, and handlers have their effect once. */
export const redrive = async (clients: Clients, outputs: Signal9Outputs, now: () => number): Promise<Told[]> => {
  const desk = deskOf(clients, outputs, now);
  return redriveLetters(desk, await chosen(desk, { status: "waiting" }));
};
