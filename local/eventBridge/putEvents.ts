import { type EventEnvelope, isObject, isoSeconds, type JsonObject } from "./envelope";
import { EventBridgeError, invalidRequest } from "./errors";

export interface PutEventsContext {
  readonly account: string;
  readonly region: string;
  /** Epoch ms. */
  readonly now: number;
  newId(): string;
}

export interface AcceptedEntry {
  /** Name or ARN, as the request gave it. */
  readonly bus: string;
  readonly envelope: EventEnvelope;
  readonly traceHeader?: string;
}

/** The answer for an entry that does not reach the bus. */
export interface RefusedEntry {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

const maxEntries = 10;
const maxBytes = 1_048_576;
const timeBytes = 14;
const maxDetailType = 128;

const texts = ["Source", "DetailType", "Detail", "EventBusName", "TraceHeader"] as const;

interface Entry extends Partial<Record<(typeof texts)[number], string>> {
  readonly Time?: number;
  readonly Resources?: readonly string[];
}

const isText = (value: unknown): value is string => typeof value === "string";

const isTime = (value: unknown): value is number => typeof value === "number" && Math.abs(value) <= 8.64e12;

const wrongType = (place: string, type: string): Error =>
  new EventBridgeError("SerializationException", `${place} must be ${type}`);

const refuseOthers = (given: JsonObject, known: readonly string[], place: string): void => {
  const other = Object.keys(given).find((name) => !known.includes(name));
  if (other !== undefined) throw invalidRequest(`${place}${other} is not supported.`);
};

/** The wire has null for what is not given. */
const present = (given: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined));

const readEntry = (value: unknown, index: number): Entry => {
  const place = `Entries[${index}]`;
  if (!isObject(value)) throw wrongType(place, "an object");
  const given = present(value);
  refuseOthers(given, [...texts, "Time", "Resources"], `${place}.`);
  for (const name of texts) {
    if (name in given && !isText(given[name])) throw wrongType(`${place}.${name}`, "a string");
  }
  const { Time, Resources } = given;
  if (Time !== undefined && !isTime(Time)) throw wrongType(`${place}.Time`, "a time in epoch seconds");
  if (Resources !== undefined && !(Array.isArray(Resources) && Resources.every(isText))) {
    throw wrongType(`${place}.Resources`, "a list of strings");
  }
  return given;
};

const constraint = (value: string, rule: string): Error =>
  invalidRequest(`1 validation error detected: Value ${value} at 'entries' failed to satisfy constraint: ${rule}`);

const readEntries = (request: unknown): Entry[] => {
  if (!isObject(request)) throw wrongType("The request", "an object");
  const { Entries, ...others } = present(request);
  refuseOthers(others, [], "");
  if (Entries === undefined) throw constraint("null", "Member must not be null");
  if (!Array.isArray(Entries)) throw wrongType("Entries", "a list");
  if (Entries.length === 0) throw constraint("'[]'", "Member must have length greater than or equal to 1");
  if (Entries.length > maxEntries) {
    throw constraint(
      `'[${Entries.map(() => "PutEventsRequestEntry").join(", ")}]'`,
      `Member must have length less than or equal to ${maxEntries}`,
    );
  }
  return Entries.map(readEntry);
};

/** The size EventBridge counts for an entry. */
export const entryBytes = ({ Time, Source = "", DetailType = "", Detail = "", Resources = [] }: Entry): number =>
  [Source, DetailType, Detail, ...Resources].reduce(
    (bytes, text) => bytes + Buffer.byteLength(text),
    Time === undefined ? 0 : timeBytes,
  );

const invalidArgument = (name: string, reason: string): RefusedEntry => ({
  ErrorCode: "InvalidArgument",
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${reason}`,
});

const required = (name: string): RefusedEntry => invalidArgument(name, `${name} is a required argument.`);

const parseDetail = (text: string): JsonObject | undefined => {
  try {
    const detail: unknown = JSON.parse(text);
    return isObject(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
};

const judge = (entry: Entry, { account, region, now, newId }: PutEventsContext): AcceptedEntry | RefusedEntry => {
  const { Source, DetailType, Detail, Time, Resources = [], EventBusName = "default", TraceHeader } = entry;
  if (!Source) return required("Source");
  if (!DetailType) return required("DetailType");
  if (!Detail) return required("Detail");
  if (DetailType.length > maxDetailType) {
    return invalidArgument("DetailType", `DetailType has more than ${maxDetailType} characters.`);
  }
  if (Source.startsWith("aws.")) {
    return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." };
  }
  const detail = parseDetail(Detail);
  if (!detail) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  const envelope: EventEnvelope = {
    version: "0",
    id: newId(),
    "detail-type": DetailType,
    source: Source,
    account,
    time: isoSeconds(Time === undefined ? now : Time * 1000),
    region,
    resources: Resources,
    detail,
  };
  return { bus: EventBusName, envelope, ...(TraceHeader !== undefined && { traceHeader: TraceHeader }) };
};

/** Checks a PutEvents request as a whole, or throws; then answers for each entry, in the request's order. */
export const putEvents = (request: unknown, context: PutEventsContext): (AcceptedEntry | RefusedEntry)[] => {
  const entries = readEntries(request);
  if (entries.reduce((bytes, entry) => bytes + entryBytes(entry), 0) > maxBytes) {
    throw invalidRequest("Total size of the entries in the request is over the limit.");
  }
  return entries.map((entry) => judge(entry, context));
};
