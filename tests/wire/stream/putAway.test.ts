import { expect } from "chai";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { countHour } from "../../../functions/processing/stream/count/count";
import { one } from "../../../functions/processing/stream/count/figures";
import { idDigest, partitionOf, userDigest } from "../../../functions/processing/stream/count/keys";
import type { KnownIds } from "../../../functions/processing/stream/count/knownIds";
import { fileFor } from "../../../functions/processing/stream/count/knownWindows";
import type { SlotFile } from "../../../functions/processing/stream/count/slotFile";
import { Windows } from "../../../functions/processing/stream/count/windows";
import { makeMemory } from "../../../functions/processing/stream/memory";
import { captureOutput } from "../output";
import { type TestRun, testRun } from "../run";
import { withFaults } from "./faults";
import { batchOf, cleanWorld, countedIn, event, hour, now, processor } from "./world";

const kept = { keptMs: 400 * 86_400_000 };
const name = "B|exposure";
const roomy = 64 * 1024 * 1024;
const mostWholeIds = 4;
const slotBytes = fileFor(mostWholeIds).slotBytes;

const idsBetween = (from: number, to: number, step = 1): string[] =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, at) => String(from + at * step));

describe("the ids of logs that are put away in a file", () => {
  let run: TestRun;
  beforeEach(async () => {
    await cleanWorld();
    run = testRun(now);
  });

  const count = (ids: readonly string[], by: Windows, experimentId = "checkout") => {
    const user = userDigest(experimentId, "ann");
    const events = ids.map((id) => ({ id: idDigest(id), user, name, figures: one(undefined) }));
    return countHour({ experimentId, hour, shard: 0, events, arrivedAt: now }, by, kept, run);
  };
  const windowsWith = (slots: number, mostBytes = roomy): Windows =>
    new Windows({ mostBytes, mostWholeIds, file: fileFor(mostWholeIds, slots * slotBytes) });

  /** The calls meanwhile, and what was said. */
  const watching = async <T>(work: () => Promise<T>) => {
    const calls: string[] = [];
    const { result, lines } = await captureOutput(() => withFaults((operation) => void calls.push(operation), work));
    return { result, calls, said: lines.map(({ message }) => message) };
  };

  /** Of what is asked by query. */
  const countingRows = async <T>(counted: (rows: number) => void, work: () => Promise<T>): Promise<T> => {
    const counting = "counting rows";
    dynamodb().middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        counted((answer.output as { Items?: unknown[] }).Items?.length ?? 0);
        return answer;
      },
      { step: "initialize", name: counting },
    );
    try {
      return await work();
    } finally {
      dynamodb().middlewareStack.remove(counting);
    }
  };

  /** What comes is half new, half of what came long before. */
  const countAll = async (by: Windows, total = 200): Promise<void> => {
    for (let from = 0; from < total; from += 10) {
      const again = idsBetween(0, from).filter((_, at) => at % 7 === from % 7);
      expect(await count([...again, ...idsBetween(from, from + 10), ...again], by)).to.equal(10);
    }
    expect(await count(idsBetween(0, total), by)).to.equal(0);
    expect((await countedIn(hour))[name]?.count).to.equal(total);
  };

  it("are counted once each where all of them fit, without a word and without reading the log", async () => {
    const by = windowsWith(100);
    await count(["first"], by);
    const { said, calls } = await watching(() => count(idsBetween(0, 300), by));
    expect([said, calls]).to.deep.equal([[], ["PutItem"]]);
    const again = await watching(() => count(idsBetween(0, 300), by));
    expect([again.result, again.said, again.calls]).to.deep.equal([0, [], ["BatchGetItem"]]);
  });

  it("are counted once each where a single log has more than fit, which is said once", async () => {
    for (const slots of [0, 1, 3, 20]) {
      await cleanWorld();
      const { said } = await watching(() => countAll(windowsWith(slots)));
      if (slots === 0) expect(said).to.deep.equal([]);
      else
        expect(said).to.deep.equal([
          "a log has more ids than fit: its first are looked for in the table, batch by batch",
        ]);
    }
  });

  it("are looked for only in those entries of the log that are known no more", async () => {
    const by = windowsWith(2);
    await watching(async () => {
      for (let from = 0; from < 40; from += 4) await count(idsBetween(from, from + 4), by);
    });
    const window = await by.current(partitionOf("checkout", hour, 0), run);
    expect([window.ids.places, window.ids.knownFrom]).to.deep.equal([2, 8]);
    let rows = 0;
    const { result, calls } = await watching(() =>
      countingRows(
        (some) => {
          rows += some;
        },
        () => count(["0", "35", "39", "new"], by),
      ),
    );
    expect([result, rows]).to.deep.equal([1, 8]);
    expect(calls).to.deep.equal(["Query", "BatchGetItem", "PutItem"]);
  });

  it("go with the log that was used longest ago where the file is full, which is read again when it is needed", async () => {
    const by = windowsWith(6);
    const holds = async () => {
      const found: number[] = [];
      for (const one of ["a", "b", "c"]) found.push((await by.current(partitionOf(one, hour, 0), run)).ids.places);
      return found;
    };
    for (const one of ["a", "b", "c"]) await count(idsBetween(0, 9), by, one);
    const { said } = await watching(async () => {
      expect(await holds()).to.deep.equal([2, 2, 2]);
      await count(idsBetween(9, 14), by, "c");
    });
    expect(said).to.deep.equal([]);
    const { calls, result } = await watching(() => count(["0"], by, "b"));
    expect([result, calls]).to.deep.equal([0, ["BatchGetItem"]]);
    const readAgain = await watching(() => count(["0", "new"], by, "a"));
    expect([readAgain.result, readAgain.calls]).to.deep.equal([1, ["Query", "BatchGetItem", "PutItem"]]);
  });

  it("are counted once each where several logs that are at work at the same time share a file that is too small", async () => {
    const by = windowsWith(5);
    const logs = ["a", "b", "c", "d"];
    const added = new Map(logs.map((of) => [of, 0]));
    await watching(async () => {
      for (let from = 0; from < 60; from += 6)
        await Promise.all(
          logs.map(async (of) => {
            const some = await count([...idsBetween(0, from, 3), ...idsBetween(from, from + 6)], by, of);
            added.set(of, (added.get(of) ?? 0) + some);
          }),
        );
    });
    const known: KnownIds[] = [];
    for (const of of logs) {
      expect([added.get(of), (await countedIn(hour, 0, of))[name]?.count]).to.deep.equal([60, 60]);
      known.push((await by.current(partitionOf(of, hour, 0), run)).ids);
    }
    expect(known.reduce((sum, { places }) => sum + places, 0)).to.equal(5);
    // No slot got lost: otherwise the last of them would have stayed in memory.
    expect(known.reduce((sum, { bytesPutAway }) => sum + bytesPutAway, 0)).to.equal(0);
  });

  it("stay in memory where the temporary folder cannot be written, which is said once", async () => {
    const nowhere = () => fileFor(mostWholeIds, undefined, "/nowhere/at/all");
    const said = "the temporary folder cannot be written: what is known of ids stays in memory";
    const by = new Windows({ mostBytes: roomy, mostWholeIds, file: nowhere() });
    expect((await watching(() => countAll(by))).said).to.deep.equal([said]);
    const { ids } = await by.current(partitionOf("checkout", hour, 0), run);
    expect([ids.places, ids.bytesPutAway > 0, ids.knownFrom]).to.deep.equal([0, true, 0]);
    await cleanWorld();
    const memory = () => makeMemory({ mostWholeIds, file: nowhere() });
    const handle = processor({}, memory);
    const events = idsBetween(0, 30).map((id) => event(id));
    for (let time = 0; time < 2; time++) {
      const { result, lines } = await captureOutput(() => handle(batchOf(...events)));
      expect(result.batchItemFailures).to.deep.equal([]);
      const warnings = lines.filter(({ level }) => level === "WARN").map(({ message }) => message);
      expect(warnings).to.deep.equal(time === 0 ? [said] : []);
    }
    expect((await countedIn(hour))[name]?.count).to.equal(30);
  });

  it("count towards the budget of memory there: of a single log, the first are known no more", async () => {
    const mostBytes = 8 * slotBytes;
    const file = fileFor(mostWholeIds, undefined, "/nowhere/at/all");
    const by = new Windows({ mostBytes, mostWholeIds, file });
    const { said } = await watching(() => countAll(by));
    expect(said).to.include("a log has more ids than fit: its first are looked for in the table, batch by batch");
    const window = await by.current(partitionOf("checkout", hour, 0), run);
    expect(window.bytes + window.digests.bytes).to.be.within(slotBytes, mostBytes);
  });

  const overwrite = (file: SlotFile, slots: number): void => {
    for (let slot = 0; slot < slots; slot++) {
      file.release({ slot, length: 0, stamp: 0 });
      file.put(new Uint8Array(slotBytes / 2));
    }
  };

  it("are read from the table again where they could not be read back, and the log as a whole the next time", async () => {
    const file = fileFor(mostWholeIds);
    const by = new Windows({ mostBytes: roomy, mostWholeIds, file });
    for (let from = 0; from < 40; from += 4) await count(idsBetween(from, from + 4), by);
    overwrite(file, 10);
    const damaged = await watching(() => count([...idsBetween(0, 40), "new"], by));
    expect(damaged.result).to.equal(1);
    expect(damaged.said).to.deep.equal([
      "what is known of ids could not be read back: it is read from the table again, and stays in memory",
    ]);
    const whole = await watching(() => count([...idsBetween(0, 40), "new"], by));
    expect([whole.result, whole.said]).to.deep.equal([0, []]);
    expect(whole.calls).to.deep.equal(["Query", "BatchGetItem"]);
    expect((await watching(() => count(["0", "1"], by))).calls).to.deep.equal(["BatchGetItem"]);
    const { ids } = await by.current(partitionOf("checkout", hour, 0), run);
    expect([ids.places, ids.bytesPutAway > 0]).to.deep.equal([0, true]);
  });
});
