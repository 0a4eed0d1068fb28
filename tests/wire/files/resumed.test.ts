import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { Failure } from "../../../functions/processing/failure";
import { fileProcessor } from "../../../functions/processing/fileProcessor";
import { rowsOf } from "../ledger/rows";
import { captureOutput } from "../output";
import type { TestRun } from "../run";
import {
  fileNow,
  fresh,
  givenAccount,
  process,
  put,
  type StatementWorld,
  seenBy,
  start,
  statementWorld,
  uploaded,
} from "../statementWorld";
import { goesAfter } from "../tables";
import { batch, context } from "../world";

const rows = 1_500;
const statement = (count = rows): string =>
  `Date,Description,Amount\n${Array.from({ length: count }, (_, at) => `2024-01-${10 + (at % 20)},Shop ${at},-${1 + at}.00\n`).join("")}`;

const images = async (): Promise<number> => {
  let found = 0;
  let next: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await dynamodb().send(
      new ScanCommand({ TableName: "event-store", ...(next && { ExclusiveStartKey: next }) }),
    );
    for (const { images: some = [] } of Items) {
      found += (some as { table: string }[]).filter(({ table }) => table === "transactions").length;
    }
    next = LastEvaluatedKey;
  } while (next);
  return found;
};

/** A run in which something happens at a write of transactions that are to be stored. */
const atWrite = (which: number, happens: () => Promise<void>, run: TestRun): TestRun => {
  let writes = 0;
  return {
    ...run,
    call: async (operation, origin, send) => {
      // The first two note that the file has arrived and is being read.
      if (operation === "TransactWriteItems" && ++writes === which + 2) await happens();
      return run.call(operation, origin, send);
    },
  };
};

describe("the reading of a statement", () => {
  let real: StatementWorld;
  before(async () => {
    real = await statementWorld();
  });
  beforeEach(async () => {
    await real.clean();
    await givenAccount("main");
  });

  const everythingOnce = async (count = rows): Promise<void> => {
    expect(await fileNow("f1")).to.include({ status: "success", transactionCount: count, duplicateCount: 0 });
    const seen = await seenBy();
    expect(new Set(seen.map(({ description }) => description)).size).to.equal(count);
    expect(seen).to.have.length(count);
    expect(seen.every(({ version }) => version === 1)).to.equal(true);
    expect(await images()).to.equal(count);
    expect(real.told().map(({ type }) => type)).to.deep.equal(["file.uploaded", "file.processed"]);
    expect(real.told()[1]?.data["transactionCount"]).to.equal(count);
  };

  it("goes on where time ran out", async () => {
    const message = await uploaded("f1", statement(), { accountId: "main" });
    let left = 300_000;
    const short = atWrite(
      3,
      async () => {
        left = 20_000;
      },
      fresh(),
    );
    expect(await process(message, { ...short, remainingMs: () => left })).to.equal("postponed");
    expect(await real.postponed()).to.equal(1);
    expect(await seenBy()).to.deep.equal([]);
    expect((await fileNow("f1")).status).to.equal("processing");
    const [checkpoint] = await rowsOf("effects");
    expect(checkpoint?.["expires_at"]).to.equal(goesAfter(14, start));
    expect(await process(message)).to.equal("success");
    await everythingOnce();
  });

  it("goes on where a service refused for a while", async () => {
    const message = await uploaded("f1", statement(), { accountId: "main" });
    const refused = atWrite(
      9,
      async () => {
        throw new Failure("throttled", "too fast", { origin: "dynamodb" });
      },
      fresh(),
    );
    expect(await process(message, refused)).to.equal("postponed");
    expect(await process(message)).to.equal("success");
    await everythingOnce();
  });

  it("is taken up by another where it was killed, and what it does too late changes nothing", async () => {
    const message = await uploaded("f1", statement(), { accountId: "main" });
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let reached: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const dead = process(
      message,
      atWrite(
        8,
        async () => {
          reached();
          await held;
        },
        fresh(),
      ),
    );
    await stuck;
    expect(await process(message)).to.equal("postponed");
    expect(await process(message, fresh({}, start + 331_000))).to.equal("success");
    await everythingOnce();
    goOn();
    expect(await dead).to.equal("done before");
    await everythingOnce();
  });

  it("does not begin again with what another invocation has stored, though it left no word of it", async () => {
    const message = await uploaded("f1", statement(300), { accountId: "main" });
    const broken = atWrite(
      3,
      async () => {
        throw new Failure("permanent", "a fault of ours");
      },
      fresh(),
    );
    const error = await process(message, broken).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Failure);
    expect(await process(message)).to.equal("success");
    await everythingOnce(300);
  });

  it("is not held up for ever: what cannot be read in six hours is given up", async () => {
    const message = await uploaded("f1", statement(10), { accountId: "main" });
    const never = () =>
      atWrite(
        1,
        async () => {
          throw new Failure("unavailable", "out of reach");
        },
        fresh({}, start + 7 * 3_600_000),
      );
    const error = await process(message, never()).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Failure).with.property("message", "gave up after six hours: out of reach");
  });

  it("of more than an event can name says how many, and the file leads to them", async () => {
    const message = await uploaded("f1", statement(5_001), { accountId: "main" });
    expect(await process(message)).to.equal("success");
    expect(real.told()[1]?.data).to.deep.include({ transactionCount: 5_001, transactionIds: [] });
    expect(await fileNow("f1")).to.include({ transactionCount: 5_001 });
  });
});

describe("the function that reads statements", () => {
  let real: StatementWorld;
  before(async () => {
    real = await statementWorld();
  });
  beforeEach(async () => {
    await real.clean();
    await real.deadLetters.take();
  });

  it("sends what it can do nothing with to the dead letters, with its payload and the reason, and goes on", async () => {
    const strange = await put("somewhere/else.csv", "x");
    const good = await uploaded("f1", "Date,Description,Amount (EUR)\n2024-01-05,Tea,1.00\n");
    const { result, lines } = await captureOutput(() =>
      fileProcessor(batch(strange, "not json", "{}", good), context(300_000)),
    );
    expect(result.batchItemFailures).to.deep.equal([]);
    const letters = await real.deadLetters.take();
    expect(letters.map(({ Body }) => Body)).to.have.members([strange, "not json", "{}"]);
    expect(letters.map(({ MessageAttributes }) => MessageAttributes?.["field"]?.StringValue)).to.have.members([
      "event.detail.object.key",
      "event",
      "event.detail-type",
    ]);
    expect(await seenBy()).to.have.length(1);
    expect(JSON.stringify(lines)).not.to.contain("Tea");
  });
});
