import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { DisableRuleCommand, EnableRuleCommand } from "@aws-sdk/client-eventbridge";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { logOf, scan } from "./book";
import { hour, prefix, type Shared, sharedCloud } from "./sharedCloud";

const root = resolve(__dirname, "../../..");
const marker = "mark-earnings-processed";
const day = "2026-10-29";

/** With `--aws` they leave to the SDK where AWS is and who asks: its own settings send it here. */
describe("the commands for AWS", function () {
  this.timeout(120_000);
  let shared: Shared;
  const audit = () => ({ Name: `${prefix}audit`, EventBusName: shared.outputs.bus.name });
  before(async () => {
    shared = await sharedCloud();
    await shared.newDay();
    await shared.clients.eventBridge.send(new EnableRuleCommand(audit()));
  });
  after(async () => {
    await shared.up.settle();
    await shared.clients.eventBridge.send(new DisableRuleCommand(audit()));
  });

  const run = (command: "events" | "dlq", args: string[], settings: NodeJS.ProcessEnv): Promise<string> =>
    new Promise((done) => {
      execFile(
        process.execPath,
        ["-r", "./local/engine/typescript.cjs", `commands/${command}.ts`, ...args, "--aws"],
        { cwd: root, env: { PATH: process.env["PATH"], HOME: "/proc/nowhere", ...settings } },
        (error, stdout, stderr) => done(error ? stderr : stdout),
      );
    });
  const ran = (command: "events" | "dlq", ...args: string[]): Promise<string> =>
    run(command, args, {
      AWS_ENDPOINT_URL: shared.up.url,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    });
  const json = async <T>(command: "events" | "dlq", ...args: string[]): Promise<T> =>
    JSON.parse(await ran(command, ...args, "--json")) as T;
  const reported = (eventId: string, assetId: string) => ({
    type: "earningsProcessed",
    detail: { eventId, correlationId: "flow", assetId, earningsDate: day },
  });
  const outcomes = async (replayId?: string) =>
    (await logOf(shared, marker))
      .filter((line) => line["message"] === "handled" && line["replayId"] === replayId)
      .map((line) => `${line["eventId"]} ${line["outcome"]}`);

  it("say what is missing where nothing tells them of an account", async () => {
    expect(await run("events", ["list"], {})).to.equal("AWS does not answer: Error: Region is missing\n");
  });

  it("show events and replay them, from the store and from the archive: no effect twice", async () => {
    const since = shared.up.cloud.clock.now();
    const Item = { asset_id: "ASSET#AAPL", earnings_date: day, status: "scheduled", version: 1, source_time: 0 };
    await shared.clients.dynamodb.send(
      new PutCommand({ TableName: shared.outputs.tables.earningsCalendar.name, Item }),
    );
    await shared.tell(reported("good", "AAPL"));
    await shared.up.settle();
    expect(await outcomes()).to.deep.equal(["good processed"]);

    const { events } = await json<{ events: { event_id: string }[] }>("events", "list", "--correlation", "flow");
    expect(events.map(({ event_id }) => event_id)).to.include("good");
    expect(JSON.parse(await ran("events", "show", "good"))).to.include({ event_id: "good", status: "observed" });
    expect(await ran("events", "tree", "good")).to.match(
      /^earningsProcessed .* good {2}<--\n└─ earningsCalendar\.changed /,
    );

    const stored = await json<{ replayId: string; sent: number }>("events", "replay", "--correlation", "flow");
    expect(stored.sent).to.equal(1);
    await shared.up.settle();
    expect(await outcomes(stored.replayId)).to.deep.equal(["good duplicate"]);
    const [from, to] = [since - hour, shared.up.cloud.clock.now() + hour].map((moment) =>
      new Date(moment).toISOString(),
    );
    const range = ["--from", String(from), "--to", String(to)];
    const archived = await json<{ replayId: string; state: string }>(
      "events",
      "replay",
      "--archive",
      ...range,
      "--yes",
    );
    expect(archived.state).to.equal("COMPLETED");
    await shared.up.settle();
    expect(await outcomes(archived.replayId))
      .to.include("good duplicate")
      .and.not.include("good processed");
  });

  it("list dead letters, send them again, and end them", async () => {
    await shared.tell(reported("early", "IBM"));
    await shared.up.settle();
    const [letter] = await json<{ letter_id: string; status: string }[]>("dlq", "list");
    const id = letter?.letter_id ?? expect.fail("there is no dead letter");
    expect(await json<object>("dlq", "show", id)).to.include({ letter_id: id, status: "waiting" });
    const Item = { asset_id: "ASSET#IBM", earnings_date: day, status: "scheduled", version: 1, source_time: 0 };
    await shared.clients.dynamodb.send(
      new PutCommand({ TableName: shared.outputs.tables.earningsCalendar.name, Item }),
    );
    expect(await ran("dlq", "redrive", "--all")).to.match(/\n1 redriven\n$/);
    await shared.up.settle();
    expect(await outcomes()).to.include("early processed");
    await shared.tell(reported("never", "ORCL"));
    await shared.up.settle();
    const [waiting] = (await json<{ letter_id: string }[]>("dlq", "list")).filter((one) => one.letter_id !== id);
    expect(await ran("dlq", "discard", String(waiting?.letter_id), "--reason", "nobody reports that day")).to.match(
      /\n1 discarded\n$/,
    );
    const ends = (await scan(shared, "dead-letters")).map(({ status }) => status).sort();
    expect(ends).to.deep.equal(["discarded", "redriven"]);
  });
});
