import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import type { ReplayReport } from "../../../commands/events/replay";
import { runEvents } from "../../../commands/events/run";
import { processRuntime } from "../../../functions/processing/runtime";
import { UserError } from "../../../local/engine/stackFile";
import { eventsOf, logOf, readBook, scan } from "./book";
import { judge, paidCalls } from "./judges";
import { hour, type Shared, sharedCloud } from "./sharedCloud";

const root = resolve(__dirname, "../../..");
const marker = "mark-earnings-processed";
const day = "2026-10-29";

interface Answer {
  code: number;
  out: string;
  complaint: string;
}

interface Row {
  event_id: string;
  event_type: string;
  status: string;
  detail?: Record<string, unknown>;
}

describe("npm run events", function () {
  this.timeout(60_000);
  let shared: Shared;
  before(async () => {
    shared = await sharedCloud();
    await shared.hear(true, "audit");
  });
  after(async () => {
    await shared.up.settle();
    await shared.hear(false, "audit");
  });

  const events = async (...args: string[]): Promise<Answer> => {
    try {
      const { text, status } = await runEvents([...args, "--endpoint", shared.up.url], () => undefined);
      return { code: status, out: `${text}\n`, complaint: "" };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { code: 2, out: "", complaint: error.message };
    }
  };
  const json = async <T>(...args: string[]): Promise<T> => {
    const { code, out, complaint } = await events(...args, "--json");
    if (code !== 0) throw new Error(complaint);
    return JSON.parse(out) as T;
  };
  const expectReport = (asset: string) =>
    shared.clients.dynamodb.send(
      new PutCommand({
        TableName: shared.outputs.tables.earningsCalendar.name,
        Item: { asset_id: `ASSET#${asset}`, earnings_date: day, status: "scheduled", version: 1, source_time: 0 },
      }),
    );
  const reported = (assetId: string, more: Record<string, unknown> = {}) => ({
    type: "earningsProcessed",
    detail: { assetId, earningsDate: day, ...more },
  });
  const now = () => shared.up.cloud.clock.now();
  const iso = (moment: number) => new Date(moment).toISOString();
  const handled = async () => (await logOf(shared, marker)).filter(({ message }) => message === "handled");
  const calendar = async () =>
    (await scan(shared, "earnings-calendar")).map((row) => [row["asset_id"], row["status"], row["version"]]).sort();

  it("shows what other teams told, and replays it: each effect once, each replayed event marked", async () => {
    await shared.newDay();
    await expectReport("AAPL");
    await expectReport("MSFT");
    const since = now();
    await shared.tell(
      reported("AAPL", { eventId: "one", correlationId: "flow" }),
      reported("MSFT", { eventId: "two", correlationId: "flow", causationId: "one" }),
      reported("ORCL", { eventId: "poison", correlationId: "flow" }),
      { type: "orderShipped", detail: { correlationId: "flow", orderId: 7 } },
    );
    await shared.up.settle();
    const before = await calendar();
    expect(before).to.deep.equal([
      ["ASSET#AAPL", "processed", 2],
      ["ASSET#MSFT", "processed", 2],
    ]);

    const { events: listed } = await json<{ events: Row[] }>("list", "--correlation", "flow");
    expect(listed.map(({ event_type, status }) => `${event_type} ${status}`).sort()).to.deep.equal([
      "earningsCalendar.changed recorded",
      "earningsCalendar.changed recorded",
      "earningsProcessed observed",
      "earningsProcessed observed",
      "earningsProcessed observed",
      "orderShipped observed",
    ]);
    const range = ["--from", iso(since - hour), "--to", iso(now() + hour)];
    const shipped = await events("list", "--type", "orderShipped", ...range);
    expect(shipped.out).to.match(/^\S+Z {2}orderShipped {4}observed {2}\S+\n$/);
    const tree = await events("tree", "two");
    const drawn = tree.out.split("\n").map((line) => line.replace(/ {2}\S*Z {2}/, "  "));
    expect(drawn).to.include.members([
      `├─ earningsProcessed  EARNINGS#MSFT#${day}  two  <--`,
      "earningsProcessed  EARNINGS#ORCL#2026-10-29  poison",
    ]);
    expect(JSON.parse((await events("show", "two")).out)).to.deep.include({
      event_id: "two",
      status: "observed",
      detail: { ...reported("MSFT").detail, eventId: "two", correlationId: "flow", causationId: "one" },
    });

    const selection = ["replay", "--correlation", "flow", "--to-consumer", marker];
    const dry = await events(...selection, "--dry-run");
    expect(dry.out).to.include(`3 events to consumer ${marker}, from `).and.include("Nothing was sent.");
    expect(dry.out).to.match(/2 {2}entry of the audit trail, never on the bus/);
    expect(dry.out).to.include(`1  not for consumer ${marker}`);
    const byOtherName = [...selection.slice(0, -1), "markEarningsProcessed", "--dry-run"];
    expect((await events(...byOtherName)).out).to.equal(dry.out);
    expect(await handled()).to.have.length(2);

    const once = await json<ReplayReport>(...selection, "--type", "earningsProcessed");
    const twice = await json<ReplayReport>("replay", "--correlation", "flow");
    expect([once.sent, twice.sent, twice.destination]).to.deep.equal([3, 4, "the bus"]);
    await shared.up.settle();
    const lines = await handled();
    const replays = (id: string | undefined) =>
      lines.filter(({ replayId }) => replayId === id).map(({ eventId, outcome }) => `${eventId} ${outcome}`);
    expect(replays(undefined).sort()).to.deep.equal(["one processed", "two processed"]);
    for (const { replayId } of [once, twice]) {
      expect(replays(replayId).sort()).to.deep.equal(["one duplicate", "two duplicate"]);
    }
    expect(await calendar()).to.deep.equal(before);
    const after = await json<{ events: Row[] }>("list", "--correlation", "flow");
    expect(after.events).to.deep.equal(listed);
    expect((await readBook(shared)).letters.map(({ detail }) => detail["replayId"])).to.have.members([
      undefined,
      once.replayId,
      twice.replayId,
    ]);
    expect(JSON.parse((await events("show", String(twice.replayId))).out)).to.deep.include({
      event_type: "events.replayed",
      events: 4,
      destination: "the bus",
    });

    const archived = ["replay", "--archive", ...range, "--to-consumer", marker];
    expect((await events(...archived)).complaint).to.match(/^EventBridge does not tell how many of the \d+ archived/);
    expect((await events(...archived, "--dry-run")).out).to.match(/\nNothing was sent\.\n$/);
    const third = await json<{ replayId: string; state: string }>(...archived, "--yes");
    expect(third.state).to.equal("COMPLETED");
    await shared.up.settle();
    const fromArchive = (await handled()).filter(({ replayId }) => replayId === third.replayId);
    expect(fromArchive.map(({ outcome }) => outcome))
      .to.include("duplicate")
      .and.not.include("processed");
    expect(await calendar()).to.deep.equal(before);
  });

  it("shows how a rating follows from a request, and a replay of all of it changes nothing", async () => {
    await shared.newDay();
    await shared.turnTo(4.1, { only: ["asset-sync"] });
    const asked = ["AAPL", "MSFT"].map((assetId) => ({
      type: "pollenationNeeded",
      detail: { eventId: `want-${assetId}`, assetId, dataTypes: ["company_overview"], priority: "high" },
    }));
    const since = now();
    await shared.tell(...asked);
    await shared.up.settle();
    const before = await readBook(shared);
    const [batch] = eventsOf(before, "analysisNeeded");
    const { out } = await events("tree", String(batch?.event_id));
    // Which of two effects of one moment stands first is chance.
    const drawn = out
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/[│├└─]/g, " ").replace(/ {2}ASSET#.*Z {2}\S+/, ""));
    expect(drawn.filter((line) => !line.includes("changed"))).to.deep.equal([
      "pollenationNeeded",
      "   dataIngestionNeeded",
      "      pollinationComplete",
      "         analysisNeeded  <--",
    ]);
    const range = ["--from", iso(since - hour), "--to", iso(now() + hour)];
    const report = await json<ReplayReport>("replay", ...range);
    expect(report.sent).to.equal(before.events.filter(({ detail }) => "eventId" in detail).length);
    await shared.up.settle();
    const after = await readBook(shared);
    await judge(shared, after);
    for (const type of Object.keys(report.plan.byType)) {
      expect(eventsOf(after, type).length, type).to.equal(eventsOf(before, type).length);
    }
    expect(paidCalls(shared.calls())).to.have.length(2);
  });

  it("says in one line what cannot be done", async () => {
    const refused: [string[], RegExp][] = [
      [["replay"], /^Say which events: --from, --entity, --correlation or --user$/],
      [
        ["replay", "--entity", "x", "--to-consumer", "nobody"],
        /^There is no consumer nobody\. There are: .*audit, .*ingest/,
      ],
      [["replay", "--archive", "--from", "2026-01-01"], /^--archive needs --from and --to$/],
      [["replay", "--archive", "--type", "x"], /^--type cannot be told to EventBridge's archive/],
      [["show", "nothing"], /^There is no event nothing in the store$/],
      [["tree", "nothing"], /^There is no event nothing in the store$/],
      [["list", "--after", "elsewhere"], /^--after: cursor must be one that /],
      [["list", "--stack", "prod"], /^There is no stack prod at \S+\. There is: dev$/],
    ];
    for (const [args, reason] of refused) {
      const { code, complaint } = await events(...args);
      expect(complaint, args.join(" ")).to.match(reason);
      expect(code).to.equal(2);
    }
  });

  it("asks before it sends many, and refuses to send more than it may", async () => {
    await shared.newDay();
    const many = Array.from({ length: 101 }, (_, at) => ({ type: "noted", detail: { at, correlationId: "many" } }));
    for (let at = 0; at < many.length; at += 10) await shared.tell(...many.slice(at, at + 10));
    await shared.up.settle();
    const selection = ["replay", "--correlation", "many"];
    expect((await events(...selection)).complaint).to.match(
      /^101 events to the bus.*\n.*101 {2}noted\nSay --yes to send/,
    );
    expect((await events(...selection, "--limit", "100")).complaint).to.match(/^These are more than 100 events\./);
    const { faults } = shared.up.cloud;
    const down = faults.inject({ kind: "serverError", service: "events", operation: "PutEvents" });
    const hasty = { ...processRuntime, sleep: async () => undefined };
    const args = [...selection, "--yes", "--endpoint", shared.up.url];
    const stopped = await runEvents(args, () => undefined, hasty).catch((error: unknown) => error);
    faults.clear();
    expect(down.hits()).to.be.greaterThan(2);
    expect(stopped)
      .to.be.instanceOf(UserError)
      .with.property("message")
      .that.matches(/^Stopped after 0 of 101 events: /);
    const heard = (await logOf(shared, "audit")).length;
    const { code, out } = await events(...selection, "--yes", "--rate", "1000");
    expect(out).to.match(/\nsent 101 as replay-\S+\n$/);
    expect(code).to.equal(0);
    await shared.up.settle();
    const lines = (await logOf(shared, "audit")).slice(heard).filter(({ message }) => message === "handled");
    expect(lines.map(({ outcome }) => outcome)).to.deep.equal(Array(101).fill("known"));
    expect((await json<{ events: Row[] }>("list", "--correlation", "many", "--limit", "1000")).events).to.have.length(
      101,
    );
  });

  it("is a command of its own", async () => {
    const run = (...args: string[]) =>
      new Promise<Answer>((done) => {
        const command = ["-r", "./local/engine/typescript.cjs", "commands/events.ts", ...args];
        execFile(process.execPath, command, { cwd: root }, (error, out, complaint) => {
          done({ code: typeof error?.code === "number" ? error.code : 0, out, complaint });
        });
      });
    const [help, list, wrong] = await Promise.all([
      run("--help"),
      run("list", "--correlation", "no such", "--endpoint", shared.up.url),
      run("lst"),
    ]);
    expect(help.out).to.match(/^Usage: npm run events/);
    expect(list).to.deep.equal({ code: 0, out: "no such events\n", complaint: "" });
    expect([wrong.code, wrong.complaint]).to.satisfy(
      ([code, text]: [number, string]) => code === 2 && /^Say what/.test(text),
    );
  });
});
