import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { Results } from "../../../functions/processing/stream/results/results";
import type { Fault } from "../../../local/cloud/faults";
import { scan } from "./book";
import { hour, prefix, type Shared, sharedCloud } from "./sharedCloud";
import { streamWorld } from "./streamWorld";

const people = 40;

describe("the experiment stream in the whole program", function () {
  this.timeout(120_000);
  let shared: Shared;
  let stream: ReturnType<typeof streamWorld>;
  /** Of each test its own: what a function remembers of others is none of its business. */
  let experimentId = "";
  before(async () => {
    shared = await sharedCloud();
    stream = streamWorld(shared);
  });
  after(async () => {
    stream.close();
    await shared.newDay();
  });

  const event = (at: number) => {
    const userId = `user-${at % people}`;
    const kinds = [{ eventType: "exposure" }, { eventType: "conversion", goal: "paid", value: 9.99 }];
    return {
      eventId: `event-${at}`,
      timestamp: shared.up.cloud.clock.now() - 1_000,
      experimentId,
      userId,
      // As the assignments say, which know half of the users.
      ...(at % people >= people / 2 && { variant: "B" }),
      ...kinds[Math.floor(at / people) % 2],
    };
  };

  const dlq = async (...args: string[]): Promise<string> => {
    const command = ["-r", "./local/engine/typescript.cjs", "commands/dlq.ts", ...args, "--endpoint", shared.up.url];
    return (await promisify(execFile)(process.execPath, command, { cwd: resolve(__dirname, "../../..") })).stdout;
  };

  const givenAssignments = () =>
    stream.call("put-experiments", {
      experiments: [{ experimentId, name: "Checkout", status: "running", control: "A", variants: ["A", "B"] }],
      assignments: Array.from({ length: people / 2 }, (_, at) => ({
        userId: `user-${at}`,
        experimentId,
        variant: "A",
      })),
    });

  const expectExact = async (events: number): Promise<Results> => {
    const results = await stream.call<Results>("experiment-results", { experimentId });
    expect(results.total.map(({ variant }) => variant)).to.deep.equal(["A", "B"]);
    const counted = results.total.map(
      ({ exposures, conversions }) => exposures.events + (conversions["paid"]?.events ?? 0),
    );
    expect(counted).to.deep.equal([events / 2, events / 2]);
    for (const { exposures, rates } of results.total) {
      expect(exposures.users).to.equal(people / 2);
      expect(rates["paid"]).to.deep.equal({ converted: people / 2, exposed: people / 2, rate: 1 });
    }
    const expected = Array.from({ length: events }, (_, at) => `event-${at}`).sort();
    const archived = (await stream.archived()).map((line) => String(line["event_id"]));
    expect([...new Set(archived)].sort()).to.deep.equal(expected);
    return results;
  };

  const ids = (count: number) => Array.from({ length: count }, (_, at) => event(at));

  it("counts what is put into it, each once, and tells of what is bad", async () => {
    await shared.newDay();
    experimentId = "checkout";
    await givenAssignments();
    const events = ids(800);
    await stream.put([...events, ...events.slice(0, 30), '{"eventId": ', { ...event(1), userId: undefined }]);
    const { name, control, comparisons } = await expectExact(800);
    expect({ name, control, comparisons }).to.deep.equal({ name: "Checkout", control: "A", comparisons: [] });
    const letters = await scan(shared, "dead-letters");
    expect(letters.map(({ origin, category, field }) => ({ origin, category, field }))).to.have.deep.members([
      { origin: "experiment-stream", category: "validation", field: "record" },
      { origin: "experiment-stream", category: "validation", field: "event.userId" },
    ]);
  });

  it("does so when DynamoDB and S3 fail here and there, and answers are lost", async () => {
    await shared.newDay();
    experimentId = "checkout-with-faults";
    await givenAssignments();
    const caller = `${prefix}experiment-stream`;
    const sometimes: Record<string, Fault> = {
      throttled: { kind: "throttle", service: "dynamodb", caller, times: 2 },
      "an answer lost": { kind: "lostAnswer", service: "dynamodb", operation: "PutItem", caller, times: 3 },
      // More often than one batch tries: it is delivered again.
      "no objects": { kind: "serverError", service: "s3", caller, times: 4 },
    };
    const injected = Object.entries(sometimes).map(([name, fault]) => ({
      name,
      fault: shared.up.cloud.faults.inject(fault),
    }));
    const events = ids(800);
    for (let at = 0; at < events.length; at += 200) await stream.put(events.slice(at, at + 200));
    for (const { name, fault } of injected) expect(fault.hits(), name).to.be.greaterThan(0);
    shared.up.cloud.faults.clear();
    await shared.up.settle();
    await expectExact(800);
    expect(await scan(shared, "dead-letters")).to.deep.equal([]);
  });

  it("takes a refused record again when an operator sends it once more", async () => {
    await shared.newDay();
    experimentId = "checkout-again";
    const early = { ...event(0), timestamp: shared.up.cloud.clock.now() + 3_600_000 };
    await stream.put([early]);
    const [letter] = await scan(shared, "dead-letters");
    expect(letter).to.include({
      field: "event.timestamp",
      source: `arn:aws:sqs:us-east-1:123456789012:${prefix}experiment-stream`,
    });
    await shared.redrive();
    await shared.up.settle();
    const [again] = await scan(shared, "dead-letters");
    expect(again).to.include({ letter_id: letter?.["letter_id"], field: "event.timestamp" });
  });

  it("puts aside what nobody took in time, whole; sent once more, however often, each event is counted once", async () => {
    await shared.newDay();
    experimentId = "checkout-too-late";
    await givenAssignments();
    const events = ids(160);
    await stream.put(events.slice(0, 40));
    await shared.consume("experiment-stream", false);
    // Some of them were counted before.
    await stream.put(events);
    await shared.up.turn(13 * hour);
    await shared.consume("experiment-stream", true);
    await shared.up.settle();
    const listed = await dlq("list", "--batches", "--json");
    const batches = JSON.parse(listed) as { key: string }[];
    const [{ key } = { key: "" }] = batches;
    expect(key).to.match(/^aws\/lambda\//);
    expect(await dlq("show", key))
      .to.include("RecordAgeExceeded")
      .and.include(experimentId);
    expect(await dlq("redrive", "--batches")).to.include(`${batches.length} redriven`);
    await shared.up.settle();
    await expectExact(160);
    expect(await dlq("redrive", key)).to.include("left alone");
    expect(await dlq("redrive", key, "--again")).to.include("redriven");
    await shared.up.settle();
    await expectExact(160);
    expect(await dlq("list", "--batches")).to.include("0 batches put aside");
    expect(await scan(shared, "dead-letters")).to.deep.equal([]);
  });
});
