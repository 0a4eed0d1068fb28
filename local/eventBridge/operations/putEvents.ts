import type { Access, Cloud } from "../../cloud/cloud";
import { account, region } from "../../cloud/cloud";
import type { Call, Operation } from "../../cloud/service";
import { correlationIdIn } from "../../cloud/trace";
import type { Bus, BusEvent } from "../bus";
import { isObject, type JsonObject } from "../envelope";
import { busNameIn, defaultBus, toBusArn } from "../names";
import { asAws } from "../parameters";
import type { Parts } from "../parts";
import { entryBytes, putEvents, type RefusedEntry } from "../putEvents";

type Result = RefusedEntry | { EventId: string };

const billedBytes = 65_536;

const entriesOf = (input: unknown): JsonObject[] => {
  const entries = isObject(input) ? input["Entries"] : undefined;
  return Array.isArray(entries) ? entries.filter(isObject) : [];
};

const asText = (value: unknown, otherwise: string): string =>
  typeof value === "string" && value !== "" ? value : otherwise;

/** Asked for each bus, source and type of event once. A request without entries needs the default bus. */
const access = (input: unknown, { buses }: Parts): Access[] => {
  const needed = new Map<string, Access>();
  const entries = entriesOf(input);
  for (const { EventBusName, Source, DetailType } of entries.length > 0 ? entries : [{} as JsonObject]) {
    const bus = asText(EventBusName, defaultBus);
    const [source, detailType] = [asText(Source, ""), asText(DetailType, "")];
    needed.set(JSON.stringify([bus, source, detailType]), {
      action: "events:PutEvents",
      resource: toBusArn(bus),
      context: { ...(source && { "events:source": source }), ...(detailType && { "events:detail-type": detailType }) },
      policy: buses.find(bus)?.policy?.compiled,
    });
  }
  return [...needed.values()];
};

/** Which entries an injected partial failure hits: some, never none, others each time. */
const struckEntries = (count: number, time: number): ReadonlySet<number> => {
  const struck = new Set([time % count]);
  for (let index = 0; index < count; index++) {
    if ((Math.imul(index + 1 + count * time, 0x9e3779b1) >>> 16) % 3 === 0) struck.add(index);
  }
  return struck;
};

const throttled: RefusedEntry = { ErrorCode: "ThrottlingException", ErrorMessage: "Rate exceeded (injected)" };

/** AWS takes events for a bus that does not exist and says nothing. Here at least the trace knows. */
const noteLost = (cloud: Cloud, bus: string, event: BusEvent, caller: string): void =>
  cloud.trace.add({
    at: cloud.clock.now(),
    durationMs: 0,
    service: "events",
    operation: "PutEvents",
    resource: toBusArn(bus),
    caller,
    outcome: "lost: there is no such event bus",
    correlationId: correlationIdIn(JSON.stringify(event.detail)),
  });

export const putEventsOperation = (parts: Parts): Record<string, Operation> => {
  const { cloud, buses, router } = parts;
  let partialFailures = 0;

  const struckOf = (count: number, { caller }: Call): ReadonlySet<number> => {
    const aim = { service: "events", operation: "PutEvents", caller: caller.name };
    return cloud.faults.strike(aim, "partialFailure") ? struckEntries(count, partialFailures++) : new Set();
  };

  const take = (bus: string, event: BusEvent, caller: string): void => {
    const found: Bus | undefined = buses.find(busNameIn(bus));
    if (found) router.publish(found, event);
    else noteLost(cloud, bus, event, caller);
  };

  const run = (input: unknown, call: Call) => {
    const owner = call.caller.account ?? account;
    const judged = putEvents(input, { account: owner, region, now: cloud.clock.now(), newId: cloud.newId });
    const given = entriesOf(input);
    const struck = struckOf(judged.length, call);
    const Entries = judged.map((entry, index): Result => {
      if ("ErrorCode" in entry) return entry;
      if (struck.has(index)) return throttled;
      take(entry.bus, entry.envelope, call.caller.name);
      cloud.meter.add("eventbridge event", Math.max(1, Math.ceil(entryBytes(given[index] ?? {}) / billedBytes)));
      return { EventId: entry.envelope.id };
    });
    return { FailedEntryCount: Entries.filter((entry) => "ErrorCode" in entry).length, Entries };
  };

  return {
    PutEvents: {
      access: (input: unknown) => access(input, parts),
      run: (input: unknown, call) => asAws(() => run(input, call)),
    },
  };
};
