import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { ask } from "../../../functions/processing/analytics/ask";
import { type AskingEvent, planOf } from "../../../functions/processing/analytics/plan";
import { refresh } from "../../../functions/processing/analytics/refresh";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import type { Run } from "../../../functions/processing/consume/run";
import { Failure } from "../../../functions/processing/failure";
import { ownerOf } from "../../../functions/processing/ledger/keys";
import { world } from "../world";
import { cleanBooks, fresh, imported, spent } from "./books";

const rowOf = async (user: string, analytics_key: string) => {
  const Key = { owner: ownerOf(user), analytics_key };
  return (await dynamodb().send(new GetCommand({ TableName: "analytics-status", Key, ConsistentRead: true }))).Item;
};

const deleted = (eventId: string, userId: string): AskingEvent =>
  ({
    eventId,
    eventType: "transactions.deleted",
    correlationId: eventId,
    userId,
    payload: { transactionIds: [`of-${userId}`], accountIds: [], deletionType: "single" },
  }) as unknown as AskingEvent;

/** A run in which something happens before a call is made. */
const disturbed = (before: (operation: string) => Promise<void>): { run: () => Run; calls: string[] } => {
  const calls: string[] = [];
  const run = (): Run => {
    const own = fresh();
    return {
      ...own,
      call: async (operation, origin, send) => {
        calls.push(operation);
        await before(operation);
        return own.call(operation, origin, send);
      },
    };
  };
  return { run, calls };
};

describe("analytics of several people in one batch", () => {
  before(() => world());
  beforeEach(async () => {
    await cleanBooks(await world());
    await Promise.all(
      ["ann", "bob", "eve"].map((user) => imported(ownerOf(user), `f-${user}`, [spent(`of-${user}`, -700)])),
    );
  });

  const computed = async (user: string) => JSON.parse((await rowOf(user, "STATUS"))?.["types"] ?? "{}").cash_flow;

  it("are asked for and stored in one transaction, and read in as few calls", async () => {
    const { run, calls } = disturbed(async () => undefined);
    const users = ["ann", "bob", "eve"];
    const told = users.map((user) => refresh(deleted(`e-${user}`, user), run()));
    expect(await Promise.all(told)).to.deep.equal(["computed", "computed", "computed"]);
    expect(calls.slice(0, 5)).to.deep.equal(["BatchGetItem", "BatchGetItem", "Query", "Query", "Query"]);
    // What shows which of the books is to be seen is asked for as they arrive.
    expect(new Set(calls.slice(5, -1))).to.deep.equal(new Set(["BatchGetItem"]));
    expect(calls.at(-1)).to.equal("TransactWriteItems");
    for (const user of users) {
      expect(await computed(user)).to.include({ status: "computed", requested: 1, computed: 1 });
      expect((await rowOf(user, "RESULT#cash_flow"))?.["result"].currencies[0].months[0].expenses).to.equal(700);
      expect(await rowOf(user, `EVENT#e-${user}`)).to.include({ event_type: "transactions.deleted" });
    }
  });

  it("see an asking that came while their books were read, and hold up nobody else's", async () => {
    let asked = false;
    const { run, calls } = disturbed(async (operation) => {
      if (operation !== "Query" || asked) return;
      asked = true;
      const event = deleted("meanwhile", "ann");
      const plan = planOf(event);
      if (!plan) throw new Error("no plan");
      await ask(ownerOf("ann"), [{ event, plan }], fresh());
    });
    const told = ["ann", "bob"].map((user) => refresh(deleted(`e-${user}`, user), run()));
    expect(await Promise.all(told)).to.deep.equal(["computed", "computed"]);
    expect(await computed("ann")).to.include({ status: "computed", requested: 2, computed: 2 });
    expect((await rowOf("ann", "RESULT#cash_flow"))?.["rests_on"]).to.include({ requested: 2 });
    expect(await computed("bob")).to.include({ status: "computed", requested: 1, computed: 1 });
    // Bob's books are read once: only Ann's were computed in vain.
    expect(calls.filter((call) => call === "Query")).to.have.length(3);
  });

  it("are asked for all the same where they cannot be computed, which is nobody else's trouble", async () => {
    const { run } = disturbed(async () => undefined);
    const { run: broken } = disturbed(async (operation) => {
      if (operation === "Query") throw new Failure("unavailable", "no books today", { origin: "dynamodb" });
    });
    const [anns, bobs] = await Promise.allSettled([
      refresh(deleted("e-ann", "ann"), run()),
      refresh(deleted("e-bob", "bob"), broken()),
    ]);
    expect(anns).to.include({ status: "fulfilled", value: "computed" });
    expect(bobs?.status === "rejected" && bobs.reason.message).to.equal("no books today");
    expect(await computed("bob")).to.include({ status: "pending", requested: 1 });
    expect(await refresh(deleted("e-bob", "bob"), run())).to.equal("computed");
    expect(await computed("bob")).to.include({ status: "computed", requested: 1, computed: 1 });
  });

  it("count an event that comes twice in a batch once", async () => {
    const run = fresh();
    const told = [deleted("e", "ann"), deleted("e", "ann"), deleted("e-2", "ann")].map((one) => refresh(one, run));
    expect(await Promise.all(told)).to.deep.equal(["computed", "duplicate", "computed"]);
    expect(await computed("ann")).to.include({ requested: 2, computed: 2 });
  });
});
