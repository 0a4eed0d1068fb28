import { ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { readEvents } from "../eventStore/read";
import type { StoredEvent } from "../eventStore/storedEvent";
import { createEvent } from "../events/create";
import { derivedId } from "../events/derivedId";
import { shadowDifference } from "../events/shadowDifference";
import { causeOf, Failure } from "../failure";
import { metricNames } from "../observe/metrics";
import { publishByPath } from "../outbox/publishByPath";
import { pendingRow, shadowIndex } from "../outbox/record";
import { recordAlone } from "../outbox/recordAlone";
import { reserveMs } from "../retry";
import type { Finding } from "./finding";
import { type Judgement, judge } from "./judge";

/** Sooner than this after an event was published its effects are not looked for. */
export const settledAfterMs = 120_000;
/** For so long what is not alike may yet become so: a message may have to be delivered again. */
export const patienceMs = 15 * 60_000;
const pageRows = 100;

export interface Comparison {
  same: number;
  different: number;
  unsure: number;
  /** Not alike yet. */
  waiting: number;
  /** `partial`: time ran out; the next run goes on. */
  end: "done" | "partial";
}

/**
 * The index holds what waits, and ordinarily nothing at all: one scan of it asks every partition at once.
 */
const due = async (before: string, start: Record<string, unknown> | undefined, run: Run) => {
  const answer = await run.call("Scan", "dynamodb", () =>
    dynamodb().send(
      new ScanCommand({
        TableName: env("EVENT_STORE_TABLE"),
        IndexName: shadowIndex,
        FilterExpression: "occurred_at <= :before",
        ExpressionAttributeValues: { ":before": before },
        Limit: pageRows,
        ...(start && { ExclusiveStartKey: start }),
      }),
    ),
  );
  const ids = (answer.Items ?? []).map((row) => String(row["event_id"]));
  const read = () => readEvents({ client: dynamodb(), table: env("EVENT_STORE_TABLE") }, ids);
  const events = await run.call("BatchGetItem", "dynamodb", read);
  return { events: [...events.values()], next: answer.LastEvaluatedKey };
};

const notAlike = (findings: readonly Finding[]): Failure =>
  new Failure("permanent", findings.map((one) => `${one.consumer}, ${one.difference}: ${one.told}`).join("; "));

/** What was found is told before the event is taken from those that wait: told twice it is the same event. */
const tellDifference = async (event: StoredEvent, { findings }: Judgement, run: Run): Promise<void> => {
  const { event_id: eventId, event_type: eventType, user_id: userId, correlation_id: correlationId } = event;
  const told = createEvent(
    shadowDifference,
    {
      eventId,
      eventType,
      differences: findings.map(({ consumer, difference, told }) => ({
        consumer,
        difference,
        told: told.slice(0, 1_000),
      })),
    },
    {
      eventId: derivedId(shadowDifference.type, eventId),
      timestamp: run.now(),
      correlationId,
      causationId: eventId,
      ...(userId !== undefined && { userId }),
    },
  );
  run.log.error("the paths did not do the same", {
    eventId,
    eventType,
    correlationId,
    findings,
    ...causeOf(notAlike(findings)),
  });
  if (await recordAlone(shadowDifference, told, run)) await publishByPath([pendingRow(shadowDifference, told)], run);
};

const close = (eventId: string, verdict: Judgement["verdict"], run: Run): Promise<unknown> =>
  run.call("UpdateItem", "dynamodb", () =>
    dynamodb().send(
      new UpdateCommand({
        TableName: env("EVENT_STORE_TABLE"),
        Key: { event_id: eventId },
        UpdateExpression: "SET shadow_verdict = :verdict REMOVE shadow",
        ConditionExpression: "attribute_exists(event_id)",
        ExpressionAttributeValues: { ":verdict": verdict },
      }),
    ),
  );

const count = ({ verdict, findings }: Judgement, run: Run): void => {
  if (verdict === "same") run.meter.add(metricNames.shadowSame);
  else if (verdict === "unsure") run.meter.add(metricNames.shadowUnsure);
  else {
    const missing = findings.every(({ difference }) => difference !== "different");
    run.meter.add(missing ? metricNames.shadowMissing : metricNames.shadowDifferent);
  }
};

const compareOne = async (event: StoredEvent, run: Run): Promise<Judgement["verdict"] | "waiting"> => {
  if (event["shadow"] === undefined) return "waiting";
  const judgement = await judge(event, run);
  const age = run.now() - Date.parse(String(event["published_at"]));
  if (judgement.verdict !== "same" && age < patienceMs) return "waiting";
  if (judgement.verdict === "different") await tellDifference(event, judgement, run);
  count(judgement, run);
  await close(event.event_id, judgement.verdict, run);
  return judgement.verdict;
};

/** Compares what both paths made of the events that both were given. */
export const compare = async (run: Run): Promise<Comparison> => {
  const total: Comparison = { same: 0, different: 0, unsure: 0, waiting: 0, end: "done" };
  const before = new Date(run.now() - settledAfterMs).toISOString();
  // A nought says that it was looked for, and not found.
  for (const name of [metricNames.shadowDifferent, metricNames.shadowMissing]) run.meter.add(name, 0);
  let start: Record<string, unknown> | undefined;
  do {
    const { events, next } = await due(before, start, run);
    for (const event of events) {
      if (run.remainingMs() < reserveMs * 5) return { ...total, end: "partial" };
      total[await compareOne(event, run)]++;
    }
    start = next;
  } while (start);
  run.log.info("compared the paths", { ...total });
  return total;
};
