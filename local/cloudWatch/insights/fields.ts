import { account } from "../../cloud/cloud";
import { logLine } from "../logLine";
import type { LogEvent } from "../logs";

/** What an event says under a name; undefined where it says nothing. */
export type FieldsOf = (name: string) => string | undefined;

const asText = (value: unknown): string | undefined => {
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

/** A moment as Logs Insights writes it. */
export const moment = (ms: number): string => new Date(ms).toISOString().replace("T", " ").replace("Z", "");

/** The fields of an event: those of its line, found where it is JSON, and those that every event has. */
export const fieldsOf = (group: string, event: LogEvent): FieldsOf => {
  const line = logLine(event.message);
  const given: Record<string, string> = {
    "@timestamp": moment(event.timestamp),
    "@ingestionTime": moment(event.ingestedAt),
    "@message": event.message,
    "@logStream": event.stream,
    "@log": `${account}:${group}`,
    "@ptr": Buffer.from(`${group}/${event.id}`).toString("base64"),
  };
  return (name) => {
    if (name.startsWith("@")) return given[name];
    let value: unknown = line.json();
    for (const step of name.split(".")) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
      value = (value as Record<string, unknown>)[step];
    }
    return asText(value);
  };
};
