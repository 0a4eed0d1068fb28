import { resolve } from "node:path";
import { PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { analyticsTypes } from "../../functions/processing/analytics/plan";
import { canonical } from "../../functions/processing/canonical";
import { shadowDifference } from "../../functions/processing/events/shadowDifference";
import { patienceMs } from "../../functions/processing/shadow/compare";
import { type EmbeddedCloud, startEmbeddedCloud } from "../../local/embedded";
import { seededRandom } from "../../local/stepFunctions/random";
import { makeClients } from "../start/clients";
import { historyOf, type LedgerTable, lastOf, ledgerTables, missingIn, stateOf } from "./audit/history";
import { act, moveIn, moveOut } from "./audit/operations";
import { signUp } from "./audit/people";

const root = resolve(__dirname, "../..");
const prefix = "signal9-dev-";
const operations = 10_000;
const names = Array.from({ length: 20 }, (_, at) => `person-${at}`);
/** Both paths, so that what they make of the same events can be compared; the API takes what a test asks of it. */
const settings = { enableDirectTriggers: "true", apiRate: "10000", apiBurst: "5000" };

type Row = Record<string, unknown>;
type People = Awaited<ReturnType<typeof signUp>>;

const scan = async (up: EmbeddedCloud, table: string): Promise<Row[]> => {
  const { dynamodb } = makeClients(up.url);
  const rows: Row[] = [];
  let start: Row | undefined;
  do {
    const page = await dynamodb.send(
      new ScanCommand({ TableName: `${prefix}${table}`, ConsistentRead: true, ExclusiveStartKey: start }),
    );
    rows.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return rows;
};

const state = async (up: EmbeddedCloud): Promise<string[]> => {
  const rows: [LedgerTable, Row[]][] = [];
  for (const table of ledgerTables) rows.push([table, await scan(up, table)]);
  return stateOf(Object.fromEntries(rows) as Record<LedgerTable, Row[]>);
};

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

/** Each person does one thing after another; all of them do so side by side. */
const live = async (people: People): Promise<{ made: number; refused: number }> => {
  const counts = { made: 0, refused: 0 };
  await Promise.all(
    people.map(async (person, who) => {
      const belongings = await moveIn(person);
      for (let at = who; at < operations; at += people.length) {
        const status = await act(person, belongings, Math.floor(seededRandom(at) * 10_000));
        must(status < 500, `operation ${at} was answered by ${status}`);
        counts[status < 300 ? "made" : "refused"]++;
      }
      await moveOut(person, belongings);
    }),
  );
  return counts;
};

/** Figures of both paths, of everybody who has any of the type. */
const compareFigures = async (up: EmbeddedCloud, people: People): Promise<string> => {
  const results = new Map(
    (await scan(up, "analytics-status"))
      .filter((row) => String(row["analytics_key"]).startsWith("RESULT#"))
      .map((row) => [`${row["owner"]} ${row["analytics_key"]}`, canonical(row["result"])]),
  );
  const pairs = people.flatMap(({ userId }) =>
    analyticsTypes.map((type) => [
      results.get(`USER#${userId} RESULT#${type}`),
      results.get(`SHADOW#USER#${userId} RESULT#${type}`),
    ]),
  );
  const same = pairs.filter(([ours, theirs]) => ours !== undefined && ours === theirs).length;
  must(same === pairs.length, `${pairs.length - same} of ${pairs.length} results differ between the paths`);
  return `the same analytics by either path: ${same} of ${pairs.length} results, byte for byte`;
};

const compareEvents = async (up: EmbeddedCloud): Promise<string> => {
  await up.turn(patienceMs * 2);
  await up.settle();
  const verdicts: Record<string, number> = {};
  const differences: unknown[] = [];
  for (const { shadow, shadow_verdict, event_type, detail } of await scan(up, "event-store")) {
    if (event_type === shadowDifference.type) differences.push(JSON.parse(String(detail)).data);
    const verdict = shadow_verdict ?? (shadow === undefined ? undefined : "waiting");
    if (verdict !== undefined) verdicts[String(verdict)] = (verdicts[String(verdict)] ?? 0) + 1;
  }
  const alike = (verdicts["different"] ?? 0) + (verdicts["waiting"] ?? 0) === 0;
  must(alike, `events differ: ${JSON.stringify([verdicts, ...differences.slice(0, 3)])}`);
  return `events that went by both paths: ${JSON.stringify(verdicts)}`;
};

/** All changes of the run are in the event store, and the tables can be made anew from it. */
const rebuild = async (up: EmbeddedCloud): Promise<string> => {
  const [before, history] = [await state(up), historyOf(await scan(up, "event-store"))];
  const missing = missingIn(history);
  must(missing.length === 0, `changes are missing: ${missing.slice(0, 5).join(", ")}`);
  await up.reset();
  must((await state(up)).length === 0, "the tables are not empty");
  const { dynamodb } = makeClients(up.url);
  for (const { table, after } of lastOf(history)) {
    await dynamodb.send(new PutCommand({ TableName: `${prefix}${table}`, Item: after }));
  }
  const after = await state(up);
  must(canonical(after) === canonical(before), "the rebuilt tables are not what they were");
  const changes = [...history.values()].reduce((sum, images) => sum + images.length, 0);
  return `rebuilt from ${changes} images, none missing: ${after.length} rows, byte for byte`;
};

/** Random operations through the HTTP API of the whole program, in shadow mode, and what is left of them. */
export const audit = async (): Promise<void> => {
  const up = await startEmbeddedCloud({ root, port: 0, settings });
  try {
    const startedAt = performance.now();
    const repeated: string[] = [];
    const people = await signUp(up, names, (reason) => repeated.push(reason));
    const { made, refused } = await live(people);
    await up.settle();
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    console.log(
      `${operations} operations by ${names.length} people: ${made} made, ${refused} refused, ${repeated.length} repeated, ${seconds} s in all`,
    );
    for (const reason of new Set(repeated)) console.log(`  repeated after ${reason}`);
    console.log(await compareFigures(up, people));
    console.log(await compareEvents(up));
    const letters = await scan(up, "dead-letters");
    must(letters.length === 0, `${letters.length} events ended in the dead letters`);
    console.log(await rebuild(up));
  } finally {
    await up.close();
  }
};
