import { MergeShardsCommand, SplitShardCommand, UpdateShardCountCommand } from "@aws-sdk/client-kinesis";
import { expect } from "chai";
import { type MappingWorld, startMappingWorld, telling } from "./mappingWorld";
import { shardId } from "./world";

const keys = 37;

/** Records under several keys, each of which counts up: `key:key.count`. */
const counting = (records: number): string[] =>
  Array.from({ length: records }, (_, at) => `k${at % keys}:k${at % keys}.${Math.floor(at / keys)}`);

/** Fails unless each key's records came in turn, each once. */
const expectInTurn = (batches: readonly string[][], records: number): void => {
  const seen = new Map<string, number>();
  for (const text of batches.flat()) {
    const [key = "", count] = text.split(".");
    expect(Number(count), text).to.equal(seen.get(key) ?? 0);
    seen.set(key, Number(count) + 1);
  }
  expect([...seen.values()].reduce((sum, count) => sum + count, 0)).to.equal(records);
};

describe("the order in which a function gets a stream's records", () => {
  let world: MappingWorld;
  before(async () => {
    world = await startMappingWorld();
  });
  after(() => world.close());

  const putAll = async (stream: string, records: readonly string[]): Promise<void> => {
    for (let at = 0; at < records.length; at += 500) await world.put(stream, ...records.slice(at, at + 500));
  };

  for (const parallelizationFactor of [1, 3, 10]) {
    it(`is that of each key, with ${parallelizationFactor} batches of a shard at a time`, async () => {
      const name = `lanes${parallelizationFactor}`;
      const handler = telling("await new Promise((later) => setTimeout(later, Math.random() * 20));");
      await world.map(name, handler, { parallelizationFactor, batchSize: 50 });
      await putAll(name, counting(1_000));
      await world.idle();
      expectInTurn(world.heard(name), 1_000);
      const most = Math.max(
        ...world.metrics
          .filter((one) => one.name === "ConcurrentExecutions" && one.dimensions["FunctionName"] === name)
          .map(({ values: [value = 0] }) => value),
      );
      expect(most).to.equal(parallelizationFactor);
    });
  }

  it("stays that of each key while batches fail and are tried again", async () => {
    // Fails now and then at some record, which it then gets again with all that follow it in the batch.
    const handler = telling(
      'globalThis.n = (globalThis.n ?? 0) + 1; const at = globalThis.n % 3 === 0 ? Math.floor(texts.length / 2) : -1; if (at >= 0) { console.log("again " + texts.slice(at).length); return reporting(texts[at]); }',
    );
    const rules = { parallelizationFactor: 3, batchSize: 40, functionResponseTypes: ["ReportBatchItemFailures"] };
    await world.map("retried", handler, rules);
    await putAll("retried", counting(600));
    await world.settle();
    const last = new Map<string, number>();
    for (const text of world.heard("retried").flat()) {
      const [key = "", count] = text.split(".");
      // Again, or the next: never one that leaves another out.
      expect(Number(count), text).to.be.at.most((last.get(key) ?? -1) + 1);
      last.set(key, Math.max(last.get(key) ?? -1, Number(count)));
    }
    expect([...last.values()].reduce((sum, count) => sum + count + 1, 0)).to.equal(600);
  });

  it("lasts over splits and merges: a shard begins once those that it follows are done with", async () => {
    const handler = telling("await new Promise((later) => setTimeout(later, 5));");
    await world.map("resharded", handler, { batchSize: 20 }, { shardCount: 1 });
    const all = counting(900);
    await putAll("resharded", all.slice(0, 300));
    await world.api.send(
      new SplitShardCommand({
        StreamName: "resharded",
        ShardToSplit: shardId(0),
        NewStartingHashKey: String(2n ** 126n),
      }),
    );
    await putAll("resharded", all.slice(300, 600));
    await world.api.send(
      new MergeShardsCommand({
        StreamName: "resharded",
        ShardToMerge: shardId(1),
        AdjacentShardToMerge: shardId(2),
      }),
    );
    await putAll("resharded", all.slice(600));
    await world.idle();
    expectInTurn(world.heard("resharded"), 900);
  });

  it("lasts over any number of shards", async () => {
    await world.map("scaled", telling(""), { batchSize: 30, parallelizationFactor: 2 }, { shardCount: 5 });
    const all = counting(800);
    let at = 0;
    for (const TargetShardCount of [3, 6, 4]) {
      await putAll("scaled", all.slice(at, at + 200));
      at += 200;
      await world.api.send(
        new UpdateShardCountCommand({ StreamName: "scaled", TargetShardCount, ScalingType: "UNIFORM_SCALING" }),
      );
    }
    await putAll("scaled", all.slice(at));
    await world.idle();
    expectInTurn(world.heard("scaled"), 800);
  });

  it("holds for ten thousand records, each handed over once, within seconds", async () => {
    await world.map("many", telling(""), { batchSize: 500 }, { streamModeDetails: { streamMode: "ON_DEMAND" } });
    const startedAt = performance.now();
    await putAll("many", counting(10_000));
    await world.idle();
    expect(performance.now() - startedAt).to.be.lessThan(10_000);
    expectInTurn(world.heard("many"), 10_000);
  });
});
