import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import * as fc from "fast-check";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { countHour } from "../../../functions/processing/stream/count/count";
import { one } from "../../../functions/processing/stream/count/figures";
import { fold } from "../../../functions/processing/stream/count/fold";
import { idDigest, partitionOf, userDigest } from "../../../functions/processing/stream/count/keys";
import { levelOf, type UserSet } from "../../../functions/processing/stream/count/userSet";
import { Windows } from "../../../functions/processing/stream/count/windows";
import { makeMemory } from "../../../functions/processing/stream/memory";
import { readHour } from "../../../functions/processing/stream/results/read";
import { parseResultsRequest } from "../../../functions/processing/stream/results/request";
import { results } from "../../../functions/processing/stream/results/results";
import { type TestRun, testRun } from "../run";
import { cleanWorld, day, hour, now } from "./world";

const kept = { keptMs: 400 * 86_400_000 };
const exposure = "B|exposure";
const roomy = 64 * 1024 * 1024;
const each = Number.POSITIVE_INFINITY;

const userOf = (name: string) => userDigest("checkout", name);
const sampling = (most: number) => new Windows({ mostBytes: roomy, mostUsers: most });

const eventsOf = (names: readonly string[], from: number, name = exposure) =>
  names.map((user, at) => ({
    id: idDigest(`${name} ${from + at}`),
    user: userOf(user),
    name,
    figures: one(undefined),
  }));

/** How many of these are in the sample of that level, each for all whom it stands for. */
const sizeAt = (level: number, names: readonly string[]): number =>
  [...new Set(names)].filter((name) => levelOf(userOf(name)) >= level).length * 2 ** level;

describe("users of whom a sample is kept", () => {
  let run: TestRun;
  beforeEach(async () => {
    await cleanWorld();
    run = testRun(now, { random: Math.random, sleep: () => new Promise((done) => setTimeout(done, 1)) });
  });

  const count = (events: ReturnType<typeof eventsOf>, by: Windows) =>
    countHour({ experimentId: "checkout", hour, shard: 0, events, arrivedAt: now }, by, kept, run);
  const usersIn = async (window: string): Promise<UserSet> =>
    (await new Windows({ mostBytes: 0 }).current(partitionOf("checkout", window, 0), run)).usersOf(exposure);

  it("are those of its level, each once, whoever counted them, sampling or not, and so is the hour and its day", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ by: fc.nat(2), users: fc.array(fc.nat(80), { minLength: 1, maxLength: 30 }) }), {
          minLength: 1,
          maxLength: 24,
        }),
        async (batches) => {
          await cleanWorld();
          const writers = [sampling(4), sampling(12), sampling(each)];
          const names: string[] = [];
          let events = 0;
          for (const { by, users } of batches) {
            const some = users.map((at) => `user-${at}`);
            names.push(...some);
            events += await count(eventsOf(some, events), writers[by] ?? sampling(4));
          }
          expect(events).to.equal(names.length);
          const read = await usersIn(hour);
          expect(read.size).to.equal(sizeAt(read.level, names));
          const said = await readHour("checkout", hour, [0], run);
          expect([said.users.get(exposure), said.estimated.has(exposure)]).to.deep.equal([read.size, read.level > 0]);
          await fold({ experimentId: "checkout", day, hours: [hour], shard: 0 }, sampling(4), run);
          const ofDay = await usersIn(day);
          expect(ofDay.level).to.be.at.least(read.level);
          expect(ofDay.size).to.equal(sizeAt(ofDay.level, names));
        },
      ),
      { numRuns: 25 },
    );
  });

  it("are counted one by one as long as there are no more than may be kept", async () => {
    const by = sampling(64);
    const names = Array.from({ length: 64 }, (_, at) => `user-${at}`);
    await count(eventsOf(names, 0), by);
    expect((await usersIn(hour)).size).to.equal(64);
    expect((await readHour("checkout", hour, [0], run)).estimated.size).to.equal(0);
    await count(eventsOf(["one more"], 64), by);
    const read = await usersIn(hour);
    expect([read.level > 0, read.size]).to.deep.equal([true, sizeAt(read.level, [...names, "one more"])]);
  });

  it("cost next to nothing once there are many", async () => {
    const by = sampling(32);
    for (let batch = 0; batch < 20; batch++) {
      const names = Array.from({ length: 200 }, (_, at) => `user-${batch * 200 + at}`);
      await count(eventsOf(names, batch * 200), by);
    }
    const { Items = [] } = await dynamodb().send(new ScanCommand({ TableName: "event-aggregations" }));
    const digests = Items.filter((item) => String(item["partition_key"]).includes(hour)).map(({ users }) =>
      Object.values((users ?? {}) as Record<string, Uint8Array>).reduce((sum, { length }) => sum + length / 16, 0),
    );
    expect(digests.reduce((sum, some) => sum + some)).to.be.lessThan(32 * (1 + Math.log(4_000 / 32)) * 2);
    expect((await usersIn(hour)).size).to.be.within(4_000 / 2, 4_000 * 2);
  });

  it("are told as an estimate, and compared by those who are in both samples", async () => {
    const by = sampling(1_024);
    const names = (of: string) => Array.from({ length: 2_500 }, (_, at) => `${of}-${at}`);
    for (const [variant, share] of [
      ["A", 0.1],
      ["B", 0.3],
    ] as const) {
      await count(eventsOf(names(variant), 0, `${variant}|exposure`), by);
      await count(eventsOf(names(variant).slice(0, 2_500 * share), 0, `${variant}|conversion:paid`), by);
    }
    process.env["EXPERIMENT_USER_SAMPLE"] = "1024";
    const query = parseResultsRequest({ experimentId: "checkout", control: "A", from: day, to: day }, now);
    const { total, comparisons } = await results(query, makeMemory(), run);
    const b = total.find(({ variant }) => variant === "B");
    expect(b?.exposures).to.include({ events: 2_500, usersEstimated: true });
    expect(b?.exposures.users).to.be.within(2_300, 2_700);
    expect(b?.rates["paid"]?.rate).to.be.within(0.25, 0.35);
    expect(b?.conversions["paid"]).to.include({ users: 750 }).and.to.not.have.property("usersEstimated");
    const [compared] = comparisons;
    expect(compared?.sizes.variant).to.be.lessThan(1_025);
    expect(compared?.difference).to.be.within(0.13, 0.27);
  });
});
