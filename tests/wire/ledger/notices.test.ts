import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { consume } from "../../../functions/processing/consume/consume";
import { newAccount } from "../../../functions/processing/ledger/account";
import { toldEvents } from "../../../functions/processing/notices/kind";
import { notice } from "../../../functions/processing/notices/notice";
import { processRuntime } from "../../../functions/processing/runtime";
import { captureOutput } from "../output";
import { emptyTables } from "../tables";
import { batch, context, envelope, type World, world } from "../world";
import { actOf, ann, start } from "./books";
import { makeInbox } from "./inbox";
import { ask } from "./requests";

const hour = 3_600_000;
const iban = "DE89370400440532013000";

const told = (type: string, eventId: string, data: unknown, userId: string | undefined = "ann"): string =>
  envelope(type, { eventId, userId, data }, { source: "signal9.ledger" });

const deleted = (eventId: string, userId?: string) =>
  told("transactions.deleted", eventId, { transactionIds: ["a"], accountIds: [], deletionType: "single" }, userId);

describe("the ledger's notifications", () => {
  let real: World;
  let inbox: Awaited<ReturnType<typeof makeInbox>>;
  before(async () => {
    real = await world();
    inbox = await makeInbox();
  });
  beforeEach(async () => {
    await emptyTables("notifications", "accounts");
    await inbox.take();
    await real.deadLetters.take();
  });

  const hear = async (now: number, ...bodies: string[]) => {
    const handler = consume(
      { name: "ledgerNotification", accepts: toldEvents, handle: notice },
      { ...processRuntime, now: () => now, sleep: async () => undefined },
    );
    const { result, lines } = await captureOutput(() => handler(batch(...bodies), context()));
    expect(result.batchItemFailures).to.deep.equal([]);
    return { outcomes: lines.flatMap(({ outcome }) => (outcome ? [outcome] : [])).sort(), lines };
  };
  const messages = () => inbox.take();

  it("tell a person once of an event, however often it comes", async () => {
    expect((await hear(start, deleted("e-1"))).outcomes).to.deep.equal(["told"]);
    expect((await hear(start, deleted("e-1"), deleted("e-1"))).outcomes).to.deep.equal(["duplicate", "duplicate"]);
    expect(await messages()).to.deep.equal([
      {
        userId: "ann",
        kind: "transactions.deleted",
        text: "Deleted: 1 transaction.",
        eventId: "e-1",
        correlationId: "e-1",
      },
    ]);
  });

  it("hold back more of one kind within the hour, and then say how many", async () => {
    await hear(start, deleted("e-1"));
    const held = await hear(start + hour - 1, deleted("e-2"), deleted("e-3"), deleted("e-4", "bob"));
    expect(held.outcomes).to.deep.equal(["held", "held", "told"]);
    expect((await hear(start + hour - 1, deleted("e-2"))).outcomes).to.deep.equal(["held"]);
    expect((await hear(start + hour, deleted("e-5"))).outcomes).to.deep.equal(["told"]);
    const all = await messages();
    expect(all.map(({ userId, eventId, heldBack }) => [userId, eventId, heldBack])).to.have.deep.members([
      ["ann", "e-1", undefined],
      ["bob", "e-4", undefined],
      ["ann", "e-5", 2],
    ]);
    const other = told("file.processed", "e-6", {
      fileId: "f",
      transactionCount: 2,
      duplicateCount: 0,
      transactionIds: ["a", "b"],
      processingStatus: "success",
    });
    expect((await hear(start + hour, other)).outcomes).to.deep.equal(["told"]);
  });

  it("leave in peace who does not want to know", async () => {
    const tell = { "transactions.deleted": false };
    expect((await ask("ann", "PUT /notification-preferences", { body: { tell } })).status).to.equal(200);
    expect((await hear(start, deleted("e-1"), deleted("e-2", "bob"))).outcomes).to.deep.equal(["told", "unwanted"]);
    expect((await messages()).map(({ userId }) => userId)).to.deep.equal(["bob"]);
  });

  it("tell again what was decided and perhaps never told, and nothing of an account but its end", async () => {
    const account = newAccount(
      ann,
      "x",
      { name: `Daily ${iban}`, type: "checking", currency: "EUR", accountNumberEnding: "3000" },
      actOf(ann, "made"),
    );
    await dynamodb().send(new PutCommand({ TableName: "accounts", Item: account }));
    const gone = told("account.deleted", "e-1", { accountId: "x", transactionCount: 4 });
    const decided = { owner: ann, notification_key: "EVENT#e-1", decision: "tell", heldBefore: 3 };
    await dynamodb().send(new PutCommand({ TableName: "notifications", Item: decided }));
    const { outcomes, lines } = await hear(start, gone);
    expect(outcomes).to.deep.equal(["told"]);
    const [message] = await messages();
    expect(message).to.include({
      text: "Deleted: the account Daily ••••3000 (••••3000), with 4 transactions.",
      heldBack: 3,
    });
    expect(JSON.stringify([message, lines])).not.to.include("0532013");
  });

  it("tell of nothing that is long past or that a replay sends again, but for what was decided and never told", async () => {
    const month = 30 * 24 * hour;
    const sent = Date.parse(JSON.parse(deleted("e-1")).time);
    const replayed = (eventId: string) =>
      told("transactions.deleted", eventId, { transactionIds: ["a"], accountIds: [], deletionType: "single" }).replace(
        '"userId"',
        '"replayId":"replay-1","userId"',
      );
    expect((await hear(sent, replayed("e-1"))).outcomes).to.deep.equal(["past"]);
    expect((await hear(sent + month + 1, deleted("e-1"))).outcomes).to.deep.equal(["past"]);
    expect(await messages()).to.deep.equal([]);
    const decided = { owner: ann, notification_key: "EVENT#e-1", decision: "tell", heldBefore: 0 };
    await dynamodb().send(new PutCommand({ TableName: "notifications", Item: decided }));
    expect((await hear(sent, replayed("e-1"))).outcomes).to.deep.equal(["told"]);
    expect((await hear(sent, replayed("e-1"))).outcomes).to.deep.equal(["duplicate"]);
    expect((await hear(sent + month, deleted("e-2"))).outcomes).to.deep.equal(["told"]);
    expect(await messages()).to.have.length(2);
  });

  it("send to the dead letters what names nobody", async () => {
    await hear(
      start,
      envelope("account.deleted", { data: { accountId: "x", transactionCount: 4 } }, { source: "signal9.ledger" }),
    );
    const [letter] = await real.deadLetters.take();
    expect(letter?.MessageAttributes?.["field"]?.StringValue).to.equal("detail.userId");
    expect(await messages()).to.deep.equal([]);
  });
});
