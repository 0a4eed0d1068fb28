import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { GetQueueAttributesCommand, ListQueuesCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { shown } from "../../../commands/dlq/print";
import { runLogs } from "../../../commands/logs/run";
import { readDeadLetters, redrive } from "../../../commands/start/deadLetters";
import { runTrace } from "../../../commands/trace/run";
import type { DeadLetterRow } from "../../../functions/processing/deadLetters/row";
import { compilePolicy } from "../../../local/iam/policy";
import { logOf, scan } from "./book";
import { prefix, type Shared, sharedCloud } from "./sharedCloud";

const root = resolve(__dirname, "../../..");
const day = "2026-10-29";
const mark = "mark-earnings-processed";

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

describe("dead letters of the whole program", function () {
  this.timeout(60_000);
  let shared: Shared;
  before(async () => {
    shared = await sharedCloud();
  });
  beforeEach(() => shared.newDay());
  after(() => shared.newDay());

  const dlq = (...args: string[]): Promise<Ended> =>
    new Promise((done) => {
      execFile(
        process.execPath,
        ["-r", "./local/engine/typescript.cjs", "commands/dlq.ts", ...args, "--endpoint", shared.up.url],
        { cwd: root, maxBuffer: 20_000_000 },
        (error, stdout, stderr) => done({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
      );
    });
  const letters = async () => (await scan(shared, "dead-letters")) as unknown as DeadLetterRow[];
  const only = async (): Promise<DeadLetterRow> => {
    const [row, another] = await letters();
    if (!row || another) throw new Error("there is not exactly one dead letter");
    return row;
  };
  const tellOf = (assetId: string, more: Record<string, unknown> = {}) =>
    shared.tell({
      type: "earningsProcessed",
      detail: { eventId: `event-${assetId}`, correlationId: `flow-${assetId}`, assetId, earningsDate: day, ...more },
    });
  const expectReport = (assetId: string) =>
    shared.clients.dynamodb.send(
      new PutCommand({
        TableName: `${prefix}earnings-calendar`,
        Item: { asset_id: `ASSET#${assetId}`, earnings_date: day, status: "scheduled", version: 1, source_time: 0 },
      }),
    );
  const entryOf = async (assetId: string) =>
    (
      await shared.clients.dynamodb.send(
        new GetCommand({
          TableName: `${prefix}earnings-calendar`,
          Key: { asset_id: `ASSET#${assetId}`, earnings_date: day },
        }),
      )
    ).Item;
  const leftInDeadLetterQueues = async (): Promise<string[]> => {
    const { QueueUrls = [] } = await shared.clients.sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix }));
    const dead = QueueUrls.filter((url) => /-(dlq|undelivered)$/.test(url));
    expect(dead).to.have.length.greaterThan(8);
    const counts = await Promise.all(
      dead.map(async (QueueUrl) => {
        const { Attributes = {} } = await shared.clients.sqs.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
        );
        const { ApproximateNumberOfMessages = 0, ApproximateNumberOfMessagesNotVisible = 0 } = Attributes;
        return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible);
      }),
    );
    return dead.filter((_, at) => counts[at] !== 0);
  };
  /** Takes a right away from a function until it is given back. */
  const deny = (label: string, Action: string, table: string) => {
    const set = (statement: object) =>
      shared.up.cloud.putRolePolicy(
        `arn:aws:iam::123456789012:role/${prefix}${label}`,
        "taken",
        compilePolicy({ Version: "2012-10-17", Statement: [statement] }, { name: "taken", kind: "identity" }),
      );
    set({ Effect: "Deny", Action, Resource: [`${table}`, `${table}/index/*`] });
    return () =>
      set({ Effect: "Allow", Action: "logs:PutLogEvents", Resource: "arn:aws:logs:us-east-1:1:log-group:x" });
  };

  it("are listed, shown and redriven by the command, and what they ask for happens once", async () => {
    await tellOf("AAPL");
    await shared.up.settle();
    const row = await only();
    expect(row).to.include({ origin: mark, status: "waiting", category: "permanent", event_id: "event-AAPL" });
    expect(row.reason).to.include("not in the earnings calendar of AAPL");
    expect(await leftInDeadLetterQueues()).to.deep.equal([]);

    const [list, json, show] = await Promise.all([
      dlq("list", "--origin", mark),
      dlq("list", "--json"),
      dlq("show", row.letter_id),
    ]);
    expect(list.stdout).to.include(row.letter_id).and.include("1 dead letter");
    expect((JSON.parse(json.stdout) as DeadLetterRow[]).map(({ letter_id }) => letter_id)).to.deep.equal([
      row.letter_id,
    ]);
    expect(show.stdout).to.include("flow-AAPL").and.include(`redrive to  queue ${prefix}${mark}`);

    await expectReport("AAPL");
    const dry = await dlq("redrive", "--all", "--dry-run");
    expect(dry.stdout).to.include("1 would be redriven");
    const both = await Promise.all([
      dlq("redrive", row.letter_id, "--json"),
      dlq("redrive", "--origin", mark, "--json"),
    ]);
    expect(both.map(({ code, stderr }) => [code, stderr])).to.deep.equal([
      [0, ""],
      [0, ""],
    ]);
    await shared.up.settle();
    expect(await entryOf("AAPL")).to.include({ status: "processed", version: 2, processed_event_id: "event-AAPL" });
    expect(await only()).to.include({ status: "redriven", redrives: 1, count: 1 });
    const handled = (await logOf(shared, mark)).filter(({ message }) => message === "handled");
    expect(handled).to.have.length(1);
    const late = await dlq("redrive", row.letter_id);
    expect(late.stdout).to.include("left alone").and.include("it was redriven at");
  });

  it("are found by the name of their origin as the program has it, too, and by no name that is none", async () => {
    await tellOf("AAPL");
    await shared.up.settle();
    const { letter_id } = await only();
    const asked = (origin: string) =>
      Promise.all([dlq("list", "--origin", origin), dlq("redrive", "--origin", origin, "--dry-run")]);
    for (const { code, stdout } of await asked("markEarningsProcessed")) {
      expect(stdout).to.include(letter_id);
      expect(code).to.equal(0);
    }
    for (const { code, stdout, stderr } of await asked("no-such-thing")) {
      expect(stderr).to.match(
        /^There is no origin no-such-thing\. There are: analysis, .*asset-sync, .*ingestion, .*\n$/,
      );
      expect([code, stdout]).to.deep.equal([2, ""]);
    }
    for (const { code, stderr } of await asked("assetSync")) expect([code, stderr]).to.deep.equal([0, ""]);
  });

  it("are the same letter when they die again, and can be discarded", async () => {
    await tellOf("MSFT");
    await shared.up.settle();
    const { letter_id } = await only();
    await dlq("redrive", letter_id);
    await shared.up.settle();
    expect(await only()).to.include({ letter_id, status: "waiting", count: 2, redrives: 1 });
    const discarded = await dlq("discard", letter_id, "--reason", "nobody reports that day");
    expect(discarded.stdout).to.include("1 discarded");
    expect(await only()).to.include({ status: "discarded", note: "nobody reports that day" });
    expect(await readDeadLetters(shared.clients, shared.outputs)).to.deep.equal([]);
    const [none, any] = await Promise.all([dlq("redrive", "--all"), dlq("list", "--status", "any")]);
    expect(none.stdout).to.equal("no dead letter is meant by this\n");
    expect(any.stdout).to.include("discarded");
  });

  it("say of an event whose handling crashed how often it was tried", async () => {
    await expectReport("IBM");
    const crash = shared.up.cloud.faults.inject({
      kind: "crash",
      service: "lambda",
      operation: "Invoke",
      caller: `${prefix}${mark}`,
      times: 3,
    });
    await tellOf("IBM");
    await shared.up.settle();
    expect(crash.hits()).to.equal(3);
    const row = await only();
    expect(row).to.include({ category: "kept failing", receive_count: 4 });
    expect(row.reason).to.match(/^given up after 3 deliveries; the logs of message [0-9a-f-]{36} say why$/);
    expect(await redrive(shared.clients, shared.outputs, () => shared.up.cloud.clock.now())).to.have.length(1);
    await shared.up.settle();
    expect(await only()).to.include({ status: "redriven", count: 1 });
    expect(await entryOf("IBM")).to.include({ status: "processed", version: 2 });
  });

  it("hold an event that never reached its queue, and bring it there", async () => {
    const { url: QueueUrl, arn } = shared.outputs.queues["markEarningsProcessed"] ?? { url: "", arn: "" };
    const policyNow = { QueueUrl, AttributeNames: ["Policy" as const] };
    const { Attributes: before } = await shared.clients.sqs.send(new GetQueueAttributesCommand(policyNow));
    const setPolicy = (Policy: string) =>
      shared.clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    await setPolicy(
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Deny", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage", Resource: arn },
        ],
      }),
    );
    await expectReport("GOOG");
    await tellOf("GOOG");
    await shared.up.settle();
    await setPolicy(before?.["Policy"] ?? "");
    const row = await only();
    expect(row).to.include({
      origin: mark,
      category: "undelivered",
      event_id: "event-GOOG",
      correlation_id: "flow-GOOG",
    });
    expect(row.origin_queue).to.match(/-undelivered$/);
    expect(await entryOf("GOOG")).to.include({ status: "scheduled" });
    await redrive(shared.clients, shared.outputs, () => shared.up.cloud.clock.now());
    await shared.up.settle();
    expect(await entryOf("GOOG")).to.include({ status: "processed", version: 2 });
    expect(await leftInDeadLetterQueues()).to.deep.equal([]);
  });

  it("hold a run that kept failing, and run it again", async () => {
    const giveBack = deny("outbox-sweeper", "dynamodb:Scan", shared.outputs.tables.eventStore.arn);
    shared.fire("outbox-sweeper");
    await shared.up.settle();
    giveBack();
    const row = await only();
    expect(row).to.include({ origin: "outbox-sweeper", category: "kept failing" });
    expect(row.reason).to.include("dynamodb:Scan").and.include("RetriesExhausted after 3 runs");
    const runs = async () =>
      (await logOf(shared, "outbox-sweeper")).filter(({ message }) => message === "swept the outbox").length;
    expect(await runs()).to.equal(0);
    const { stdout } = await dlq("redrive", "--origin", "outbox-sweeper");
    expect(stdout).to.include(`sent to function ${prefix}outbox-sweeper`);
    await shared.up.settle();
    expect(await runs()).to.equal(1);
    expect(await only()).to.include({ status: "redriven" });
  });

  it("are counted for the alarm, and logged under the correlation id of their event", async () => {
    await Promise.all(["A1", "A2", "A3"].map((asset) => tellOf(asset)));
    await shared.up.settle();
    shared.fire("dead-letter-watch");
    await shared.up.idle();
    const counted = (await logOf(shared, "dead-letter-watch")).filter(
      ({ message }) => message === "counted the dead letters",
    );
    expect(counted.at(-1)).to.include({ waiting: 3 });
    const stored = (await logOf(shared, "dlq-processor")).filter(({ message }) => message === "stored a dead letter");
    expect(stored.map(({ correlationId }) => correlationId)).to.have.members(["flow-A1", "flow-A2", "flow-A3"]);
  });

  it("are each a story of its own, under the event's own id, where another team put it without ours", async () => {
    const place = ["--endpoint", shared.up.url];
    await shared.tell(...[1, 2, 3].map((odd) => ({ type: "earningsProcessed", detail: { odd } })));
    await shared.up.settle();
    const rows = await letters();
    const ids = rows.map(({ event_id = "" }) => event_id);
    expect(new Set(ids).size).to.equal(3);
    const told = JSON.parse(await runLogs(["dead-letters", "--json", ...place])) as Record<string, string>[];
    expect(told.map(({ correlationId }) => correlationId)).to.include.members(ids);
    for (const row of rows) expect(shown(row, "", {})).to.match(new RegExp(`^correlation +${row.event_id}$`, "m"));
    const trace = await runTrace([ids[0] ?? "", ...place]);
    expect(trace).to.include("failed, sent to the dead letter queue").and.include("stored a dead letter");
  });
});
