import { expect } from "chai";
import type { Fault } from "../../../local/cloud/faults";
import { type Book, eventsOf, readBook } from "./book";
import { countsOf, judge, paidCalls } from "./judges";
import { prefix, type Shared, sharedCloud } from "./sharedCloud";

describe("a day on which the cloud fails", function () {
  this.timeout(120_000);
  let shared: Shared;
  before(async () => {
    shared = await sharedCloud();
  });
  const inject = (fault: Fault) => shared.up.cloud.faults.inject(fault);
  const day = ["asset-sync", "earnings-sync", "pollination-planner"];

  /** Lets the rest of what was begun come to its end, with all services well: by the sweeper, else by the next morning. */
  const recover = async (): Promise<Book> => {
    await shared.turnTo(7.3, { only: ["outbox-sweeper"] });
    await shared.up.settle();
    const book = await readBook(shared);
    if (book.jobs.every(({ queue }) => queue === undefined)) return book;
    await shared.skipTo(5.9, 1);
    await shared.turnTo(6.1, { days: 1, only: ["pollination-planner-earnings"] });
    await shared.up.settle();
    return readBook(shared);
  };

  /** Each company that was asked for has all that was asked for, or a dead letter says what is wrong. */
  const expectNothingLost = (book: Book) => {
    const asked = new Set(eventsOf(book, "pollenationNeeded").map(({ entity }) => entity));
    const dead = new Set(book.letters.map(({ detail }) => `ASSET#${detail["assetId"]}`));
    const done = new Set(book.states.filter(({ status }) => status === "complete").map(({ asset_id }) => asset_id));
    expect([...asked].filter((company) => !done.has(company) && !dead.has(company))).to.deep.equal([]);
    expect(done.size).to.be.greaterThan(0);
  };

  it("here and there, in every service at once: nothing is lost, nothing is done twice", async () => {
    await shared.newDay();
    shared.up.cloud.faults.seed(7);
    const sometimes: Record<string, Fault> = {
      throttled: { kind: "throttle", service: "dynamodb", probability: 0.02 },
      broken: { kind: "serverError", service: "dynamodb", probability: 0.01 },
      "an answer lost": { kind: "lostAnswer", service: "dynamodb", probability: 0.02 },
      "a transaction's answer lost": {
        kind: "lostAnswer",
        service: "dynamodb",
        operation: "TransactWriteItems",
        caller: `${prefix}ingestion`,
        // There are some twenty of them in a day: by chance none might be met.
        times: 3,
      },
      "some of the events refused": {
        kind: "partialFailure",
        service: "events",
        operation: "PutEvents",
        probability: 0.3,
      },
      "no objects": { kind: "serverError", service: "s3", probability: 0.2 },
      "no messages": {
        kind: "serverError",
        service: "sqs",
        operation: "SendMessage",
        caller: `${prefix}ingestion`,
        times: 2,
      },
    };
    const faults = Object.entries(sometimes).map(([what, fault]) => ({
      what,
      injected: inject({ ...fault, caller: fault.caller ?? prefix }),
    }));
    // Sends the ingestion a few bells to ring later.
    const slow = shared.breakMarket({ kind: "status500", function: "OVERVIEW", times: 3 });
    await shared.up.services.elastiCache.stop();
    await shared.turnTo(7.1, { only: day });
    await shared.up.settle();
    for (const { what, injected } of faults) expect(injected.hits(), what).to.be.greaterThan(0);
    expect(slow.hits()).to.be.greaterThan(0);
    shared.up.cloud.faults.clear();
    slow.remove();
    await shared.up.services.elastiCache.start();
    const book = await recover();
    await judge(shared, book);
    expectNothingLost(book);
  });

  it("by functions that die after their work: each is found done, and no call is made twice", async () => {
    await shared.newDay();
    shared.up.cloud.faults.seed(11);
    const dying = [
      "asset-sync",
      "earnings-sync",
      "pollination-planner",
      "pollination",
      "ingestion",
      "analysis-batches",
      "mark-earnings-processed",
    ];
    const crashes = dying.map((label) => ({
      label,
      injected: inject({
        kind: "crash",
        service: "lambda",
        operation: "Invoke",
        caller: `${prefix}${label}`,
        times: 2,
        probability: 0.7,
      }),
    }));
    shared.up.services.elastiCache.pause();
    await shared.turnTo(7.1, { only: day });
    await shared.up.settle();
    for (const { label, injected } of crashes) expect(injected.hits(), label).to.be.greaterThan(0);
    shared.up.services.elastiCache.resume();
    const book = await recover();
    await judge(shared, book);
    expectNothingLost(book);
    const today = paidCalls(shared.calls()).filter(({ symbol }) => symbol !== undefined);
    const twice = [...countsOf(today.map((call) => `${call.symbol} ${call.function}`))].filter(
      ([, count]) => count > 1,
    );
    expect(twice).to.deep.equal([]);
  });
});
