import type { KinesisStreamRecord } from "aws-lambda";
import { expect } from "chai";
import * as fc from "fast-check";
import { fold } from "../../../functions/processing/stream/count/fold";
import { fileFor } from "../../../functions/processing/stream/count/knownWindows";
import { Windows } from "../../../functions/processing/stream/count/windows";
import { makeMemory } from "../../../functions/processing/stream/memory";
import { captureOutput } from "../output";
import { testRun } from "../run";
import { type Fault, withFaults } from "./faults";
import { archived, cleanWorld, countedIn, day, event, hour, now, processor, record } from "./world";

const variants = ["A", "B"];
const users = ["ann", "bob", "cid", "dora", "eve"];

interface Made {
  eventId: string;
  userId: string;
  variant: string;
  value: number;
}

/** What a producer sends: some events, and some of them more than once. */
const producedArbitrary = fc
  .array(
    fc.record({
      userId: fc.constantFrom(...users),
      variant: fc.constantFrom(...variants),
      value: fc.constantFrom(0.1, 0.2, 1.5, -3, 1e-9, 12_345.678),
    }),
    { minLength: 1, maxLength: 24 },
  )
  .chain((events) =>
    fc.record({
      events: fc.constant(events.map((one, at): Made => ({ eventId: `event-${at}`, ...one }))),
      repeated: fc.array(fc.nat(events.length - 1), { maxLength: 8 }),
      bad: fc.nat(3),
    }),
  );

const faultArbitrary = fc.record({
  faults: fc.array(
    fc.record({
      operation: fc.constantFrom("PutItem", "Query", "BatchGetItem", "PutObject", "SendMessageBatch"),
      /** How many such calls go well before. */
      after: fc.nat(6),
      times: fc.integer({ min: 1, max: 5 }),
      kind: fc.constantFrom<Fault>("refused", "lost"),
    }),
    { maxLength: 4 },
  ),
  /** Which of the functions is killed, and forgets. */
  kills: fc.array(fc.nat(12), { maxLength: 4 }),
  batchSize: fc.integer({ min: 1, max: 9 }),
});

const expected = (events: readonly Made[]) => {
  const names = [...new Set(events.map(({ variant }) => variant))];
  return Object.fromEntries(
    names.map((variant) => {
      const own = events.filter((one) => one.variant === variant);
      return [`${variant}|metric:latency`, { count: own.length, users: new Set(own.map(({ userId }) => userId)).size }];
    }),
  );
};

const shortened = (counted: Awaited<ReturnType<typeof countedIn>>) =>
  Object.fromEntries(Object.entries(counted).map(([name, { count, users: some }]) => [name, { count, users: some }]));

describe("the experiment stream, whatever is delivered how often, and whatever fails meanwhile,", () => {
  it("counts each event once, has each in the archive, and tells of each that is bad", async () => {
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(
        producedArbitrary,
        faultArbitrary,
        async ({ events, repeated, bad }, { faults, kills, batchSize }) => {
          const { deadLetters } = await cleanWorld();
          const sent = [...events, ...repeated.flatMap((at) => events[at] ?? [])];
          const good = sent.map((one) => event(one.eventId, { ...one, eventType: "metric", metric: "latency" }));
          const broken = Array.from({ length: bad }, (_, at) => `{"eventId": "bad-${at}"`);
          const records = [...broken, ...good].map((one, at) => record(one, at + 1));
          const left = faults.map((fault) => ({ ...fault }));
          const decide = (operation: string): Fault | undefined => {
            const fault = left.find((one) => one.operation === operation && one.times > 0);
            if (!fault) return undefined;
            if (fault.after-- > 0) return undefined;
            fault.times--;
            hits++;
            return fault.kind;
          };
          await captureOutput(() => withFaults(decide, () => drain(records, batchSize, kills)));
          const lines = (await archived()).flatMap((object) => object.lines);
          const ids = events.map(({ eventId }) => eventId).sort();
          expect([...new Set(lines.map((line) => line["event_id"]))].sort()).to.deep.equal(ids);
          expect(shortened(await countedIn(hour))).to.deep.equal(expected(events));
          const windows = new Windows({ mostBytes: 0 });
          await fold({ experimentId: "checkout", day, hours: [hour], shard: 0 }, windows, testRun(now));
          expect(await countedIn(day)).to.deep.equal(await countedIn(hour));
          const letters = (await deadLetters.take()).map(({ Body = "{}" }) => JSON.parse(Body) as { data: string });
          const refused = new Set(letters.map(({ data }) => Buffer.from(data, "base64").toString("utf8")));
          expect([...refused].sort()).to.deep.equal(broken);
        },
      ),
      { numRuns: 40 },
    );
    expect(hits, "faults that were injected").to.be.greaterThan(20);
  });

  /** One for all of them: as long as it is full of what others had, ids stay in memory. */
  const file = fileFor(2);
  const places = [
    { file },
    { file: fileFor(2, undefined, "/nowhere/at/all") },
    { file: fileFor(2, undefined, "/nowhere/at/all"), mostBytes: 10_000 },
  ];
  let made = 0;

  /** Keeps the ids of two events whole, so that most duplicates have to be looked up in the table, and some in all of it. */
  const forgetful = () => makeMemory({ mostWholeIds: 2, ...places[made++ % places.length] });

  /** Delivers two lanes side by side as a mapping does: from where it failed, in halves, again and again. */
  const drain = async (records: KinesisStreamRecord[], batchSize: number, kills: readonly number[]): Promise<void> => {
    let deliveries = 0;
    const lane = async (own: KinesisStreamRecord[]): Promise<void> => {
      let handle = processor({}, forgetful);
      let rest = own;
      let size = batchSize;
      while (rest.length > 0) {
        const batch = rest.slice(0, size);
        const killed = kills.includes(deliveries++);
        const { batchItemFailures } = await handle({ Records: batch });
        if (killed) {
          // What it did is done; nobody heard of it, and what it knew is gone.
          handle = processor({}, forgetful);
          size = Math.max(1, Math.floor(size / 2));
          continue;
        }
        const [failed] = batchItemFailures;
        const at = batch.findIndex(({ kinesis }) => kinesis.sequenceNumber === failed?.itemIdentifier);
        rest = failed ? rest.slice(at) : rest.slice(batch.length);
        size = failed ? Math.max(1, Math.floor(size / 2)) : batchSize;
      }
    };
    await Promise.all([0, 1].map((of) => lane(records.filter((_, at) => at % 2 === of))));
  };
});
