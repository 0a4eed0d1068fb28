import { SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { discardLetter } from "../../commands/dlq/discard";
import { chosen, letter } from "../../commands/dlq/letters";
import { listed, shown, told } from "../../commands/dlq/print";
import { redriveLetter, redriveLetters } from "../../commands/dlq/redrive";
import type { DeadLetterRow } from "../../functions/processing/deadLetters/row";
import { UserError } from "../../local/engine/stackFile";
import { deadRecord, refusal } from "../unit/deadLetters/records";
import { deadLetterWorld, deskAt, nine, processorAt, rowsNow } from "./deadLetterWorld";
import { captureOutput } from "./output";
import { context, envelope } from "./world";

const minute = 60_000;
const desk = deskAt(nine);

const body = (asset: string): string => envelope("dataIngestionNeeded", { assetId: asset, eventId: `event-${asset}` });

/** A client of the real queues with which the sending of a message goes otherwise. */
const queuesWhere = (otherwise: <Answer>(send: () => Promise<Answer>) => Promise<Answer>): SQSClient => {
  const client = new SQSClient({ useQueueUrlAsEndpoint: false });
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        commandName === "SendMessageCommand" ? otherwise(() => next(args)) : next(args),
    { step: "initialize" },
  );
  return client;
};

describe("the desk for dead letters", () => {
  let world: Awaited<ReturnType<typeof deadLetterWorld>>;
  before(async () => {
    world = await deadLetterWorld();
  });
  beforeEach(() => world.clean());
  after(() => world.clean());

  const die = async (...records: Parameters<typeof deadRecord>[0][]) => {
    const Records = records.map((one, at) => deadRecord({ messageId: `m-${at}`, ...one }));
    await captureOutput(() => processorAt(nine)({ Records }, context()));
  };
  const refused = async (...assets: string[]) =>
    die(...assets.map((asset, at) => ({ body: body(asset), attributes: { ...refusal, failedAt: moment(at) } })));
  const moment = (at: number) => new Date(nine + at * minute).toISOString();
  const first = async (): Promise<DeadLetterRow> => {
    const [row] = await rowsNow();
    if (!row) throw new Error("there is no dead letter");
    return row;
  };
  const sentBodies = async () => (await world.source.take()).map(({ Body }) => Body);

  it("lists those that wait, the oldest first, or those of one origin, or in another state", async () => {
    await refused("AAPL", "MSFT", "IBM");
    await die({ queue: "analysis-dlq", body: body("AAPL"), attributes: refusal });
    const events = async (...how: Parameters<typeof chosen>[1][]) =>
      (await chosen(desk, how[0] ?? {})).map(({ origin, event_id }) => `${origin} ${event_id}`);
    expect(await events({ status: "waiting", origin: "ingestion" })).to.deep.equal([
      "ingestion event-AAPL",
      "ingestion event-MSFT",
      "ingestion event-IBM",
    ]);
    expect(await events({ status: "waiting" })).to.have.length(4);
    expect(await events({ origin: "nobody" })).to.deep.equal([]);
    const gone = await first();
    const name = `${gone.origin} ${gone.event_id}`;
    await discardLetter(desk, gone, undefined);
    expect(await events({ status: "discarded", origin: gone.origin })).to.deep.equal([name]);
    expect(await events({ status: "waiting", origin: gone.origin })).not.to.include(name);
    expect(await events({ status: "waiting" })).to.have.length(3);
    expect(await events({ status: "discarded" })).to.have.length(1);
    expect(await events({})).to.have.length(4);
  });

  it("lists more than one page", async () => {
    for (let at = 0; at < 12; at++) {
      await die(...Array.from({ length: 10 }, (_, n) => ({ body: body(`A${at}-${n}`), attributes: refusal })));
    }
    expect(await chosen(desk, { status: "waiting" })).to.have.length(120);
  });

  it("sends a letter back byte for byte, once, and says who did it and when", async () => {
    await refused("AAPL");
    const row = await first();
    expect(await redriveLetter(desk, row)).to.deep.equal({
      letterId: row.letter_id,
      origin: "ingestion",
      did: "redriven",
      why: "sent to queue signal9-dev-ingestion",
    });
    expect(await redriveLetter(deskAt(nine + minute), row)).to.include({
      did: "left alone",
      why: "it was redriven at 2026-10-29T21:00:00.000Z by somebody",
    });
    expect(await sentBodies()).to.deep.equal([body("AAPL")]);
    const after = await first();
    expect(after).to.include({ status: "redriven", redrives: 1, ended_by: "somebody", body: body("AAPL") });
    expect(after).not.to.have.any.keys("redrive_owner", "redrive_until");
    expect(after.expires_at).to.equal(nine / 1_000 + 90 * 86_400);
  });

  it("sends a letter that SQS gave up with the attributes that it had", async () => {
    await die({ body: body("AAPL"), attributes: { priority: "high" } });
    await redriveLetter(desk, await first());
    const [message] = await world.source.take();
    expect(message?.MessageAttributes?.["priority"]?.StringValue).to.equal("high");
  });

  it("sends a letter that is too large for a row", async () => {
    const large = "ü".repeat(300_000);
    await die({ body: large, attributes: refusal });
    expect(await redriveLetter(desk, await first())).to.include({ did: "redriven" });
    expect(await sentBodies()).to.deep.equal([large]);
  });

  it("sends a letter once though many redrive it at the same moment", async () => {
    await refused("AAPL", "MSFT");
    const rows = await chosen(desk, { status: "waiting" });
    const ends = (await Promise.all(Array.from({ length: 6 }, () => redriveLetters(desk, rows)))).flat();
    expect(ends.filter(({ did }) => did === "redriven")).to.have.length(2);
    expect(ends.filter(({ did }) => did === "left alone")).to.have.length(10);
    expect(await sentBodies()).to.have.members([body("AAPL"), body("MSFT")]);
  });

  it("leaves a letter to the next where somebody was cut off while sending it", async () => {
    await refused("AAPL");
    const row = await first();
    void redriveLetter(deskAt(nine, { sqs: queuesWhere(() => new Promise(() => undefined)) }), row);
    while ((await first()).redrive_owner === undefined);
    const other = await redriveLetter(deskAt(nine + 59_000), row);
    expect(other).to.include({ did: "left alone", why: "somebody else is redriving it just now" });
    expect(await discardLetter(deskAt(nine), row, "no")).to.include({ did: "left alone" });
    expect(await redriveLetter(deskAt(nine), await first(), { dryRun: true })).to.include({ did: "left alone" });
    expect(await redriveLetter(deskAt(nine + 61_000), row)).to.include({ did: "redriven" });
    expect(await sentBodies()).to.deep.equal([body("AAPL")]);
  });

  it("says why a letter could not be sent, and lets it wait", async () => {
    await die({ queue: "nowhere-dlq", body: body("AAPL"), attributes: refusal });
    await die({ queue: "outbox-sweeper-dlq", body: "{}", attributes: refusal });
    const rows = await chosen(desk, { status: "waiting" });
    const ends = await redriveLetters(desk, rows);
    expect(ends.map(({ did }) => did)).to.deep.equal(["failed", "failed"]);
    const whys = ends.map(({ why }) => why).join("\n");
    expect(whys).to.include("QueueDoesNotExist").and.include("holds nothing that the function could be invoked with");
    for (const row of await rowsNow()) {
      expect(row).to.include({ status: "waiting" });
      expect(row).not.to.have.any.keys("redrive_owner", "redrive_until");
    }
  });

  it("goes on with the others where one cannot be dealt with", async () => {
    await refused("AAPL", "MSFT");
    const rows = await chosen(desk, { status: "waiting" });
    const [one] = rows;
    const gone = { ...one, letter_id: "gone" } as DeadLetterRow;
    const ends = await redriveLetters(desk, [gone, ...rows]);
    expect(ends.map(({ did }) => did)).to.deep.equal(["failed", "redriven", "redriven"]);
    expect(ends[0]?.why).to.include("There is no dead letter gone");
  });

  it("lets a letter wait that died again before its redrive was written down", async () => {
    await refused("AAPL");
    const row = await first();
    const quick = queuesWhere(async (send) => {
      const answer = await send();
      await die({ body: body("AAPL"), attributes: refusal, messageId: "m-again" });
      return answer;
    });
    const { did, why } = await redriveLetter(deskAt(nine, { sqs: quick }), row);
    expect(did).to.equal("redriven");
    expect(why).to.include("it waits once more");
    expect(await first()).to.include({ status: "waiting", count: 2 });
  });

  it("says what it would redrive, and does nothing", async () => {
    await refused("AAPL");
    const row = await first();
    const [end] = await redriveLetters(desk, [row], { dryRun: true });
    expect(end).to.include({ did: "would be redriven", why: "to queue signal9-dev-ingestion" });
    expect(await sentBodies()).to.deep.equal([]);
    expect(await first()).to.deep.equal(row);
  });

  it("discards a letter with a reason, once, and brings it back when asked by name", async () => {
    await refused("AAPL");
    const row = await first();
    expect(await discardLetter(desk, row, "a test of theirs")).to.include({
      did: "discarded",
      why: "a test of theirs",
    });
    const why = "it was discarded at 2026-10-29T21:00:00.000Z by somebody: a test of theirs";
    expect(await discardLetter(desk, row, "again")).to.include({ did: "left alone", why });
    expect(await redriveLetter(desk, row)).to.include({ did: "left alone", why });
    expect(await sentBodies()).to.deep.equal([]);
    expect(await redriveLetter(desk, row, { again: true })).to.include({ did: "redriven" });
    expect(await sentBodies()).to.deep.equal([body("AAPL")]);
    expect(await first())
      .to.include({ status: "redriven" })
      .and.not.have.property("note");
  });

  it("refuses a letter that is none", async () => {
    const error = await letter(desk, "none").catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UserError);
    expect((error as Error).message).to.include("There is no dead letter none");
  });

  it("prints what operators need, and no secret", async () => {
    expect(listed([])).to.equal("0 dead letters");
    expect(told([])).to.equal("no dead letter is meant by this");
    const secret = JSON.stringify({ detail: { token: "abc-secret", assetId: "AAPL" } });
    await die({ body: secret, attributes: { ...refusal, field: "detail.day", reason: "is odd ".repeat(30) } });
    const row = await first();
    const list = listed([row]);
    expect(list).to.include(row.letter_id).and.include("validation: is odd").and.include("\n\n1 dead letter");
    expect(list.split("\n")[0]?.length).to.be.below(220);
    const page = shown(row, secret, {});
    expect(page).to.include("redrive to  queue signal9-dev-ingestion").and.include('"assetId": "AAPL"');
    expect(page).to.match(/^field +detail.day$/m);
    expect(page).not.to.include("abc-secret");
    expect(shown(row, "no JSON, apikey=ABCDEFGH", {})).to.include("no JSON, apikey=[redacted]");
    await discardLetter(desk, row, "theirs");
    expect(shown(await first(), secret, {})).to.match(/^status +discarded at .* by somebody: theirs$/m);
    const ends = [{ letterId: "1", origin: "ingestion", did: "redriven" as const, why: "sent" }];
    expect(told(ends)).to.equal("1  ingestion  redriven  sent\n\n1 redriven");
  });
});
