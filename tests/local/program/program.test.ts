import { exec } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import {
  alive,
  endpointOf,
  family,
  kill,
  listeningAddresses,
  settings,
  start,
  startOnTerminal,
  startWith,
} from "./started";

const loopback = "0100007F";
const hourMs = 3_600_000;

const items = (endpoint: string) => DynamoDBDocumentClient.from(new DynamoDBClient(settings(endpoint)));
const queues = (endpoint: string) => new SQSClient(settings(endpoint));

describe("npm start", function () {
  this.timeout(150_000);

  /** Of an account, a proxy and a place that have nothing to do with it. */
  const elsewhere = {
    AWS_PROFILE: "production",
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "AKIAOFANOTHER",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_ENDPOINT_URL: "http://127.0.0.1:9",
    NODE_USE_ENV_PROXY: "1",
    HTTP_PROXY: "http://127.0.0.1:9",
    HTTPS_PROXY: "http://127.0.0.1:9",
    TZ: "Asia/Tokyo",
  };
  const shells = { dev: {}, prod: elsewhere };

  for (const [stack, variables] of Object.entries(shells)) {
    it(`brings ${stack} up, runs a trading day and one event of each kind, and loses none`, async () => {
      const run = startWith(variables, "--once", "--json", "--port", "0", "--stack", stack);
      expect(await run.ended).to.deep.equal({ code: 0, signal: null });
      const result = JSON.parse(run.output()) as {
        stack: string;
        bill: { dollars: number };
        troubles: unknown[];
        experiment: { lost: string[]; ended: object };
        ledger: { lost: string[]; tree: string[]; steps: { status: number }[] };
        day: { lost: string[]; companies: { ended: string }[]; calls: { outcome: string }[] };
        samples: {
          counts: Record<string, number>;
          lost: string[];
          doubled: string[];
          ends: { event: string; ended: string; why: string }[];
        };
      };
      expect(result.stack).to.equal(stack);
      expect(result.day.lost).to.deep.equal([]);
      expect(result.day.companies.filter(({ ended }) => ended === "done")).to.have.lengthOf(4);
      expect(new Set(result.day.calls.map(({ outcome }) => outcome))).to.deep.equal(new Set(["answered"]));
      const { samples } = result;
      expect(samples.counts).to.deep.equal({ processed: 3, duplicate: 2, stale: 1, "dead letter": 4 });
      expect(samples.lost).to.deep.equal([]);
      expect(samples.doubled).to.deep.equal([]);
      expect(samples.ends.find(({ event }) => event === "a day that is none")?.why).to.equal(
        "validation: detail.earningsDate must be a date as YYYY-MM-DD",
      );
      expect(result.ledger.lost).to.deep.equal([]);
      expect(result.experiment.lost).to.deep.equal([]);
      expect(result.experiment.ended).to.deep.equal({ counted: 9_850, duplicates: 100, refused: 50, archived: 9_850 });
      expect(result.ledger.steps.map(({ status }) => status)).to.deep.equal([
        201, 201, 200, 200, 200, 409, 201, 200, 200,
      ]);
      expect(result.ledger.tree.join("\n")).to.include("─ file.processed").and.include("category.rules_applied");
      expect(result.bill.dollars).to.be.greaterThan(0);
      expect(result.troubles).to.deep.equal([]);
      expect(run.complaint()).to.equal("");
    });
  }

  it("tells what came up, listens on the loopback interface only, and leaves nothing behind", async () => {
    const run = start("--port", "0");
    const [, url = ""] = await run.said(/endpoint\s+(http:\/\/127\.0\.0\.1:\d+)/);
    await run.said(/list-tables\n/);
    expect(run.output()).to.match(/Signal9, stack dev, is up on the embedded cloud: \d+ resources in \d+\.\d s/);
    expect(run.output()).to.include("AWS_DEFAULT_REGION=us-east-1");
    const [, printsToken = ""] = /(npm run -s token.*) prints a token/.exec(run.output()) ?? [];
    expect((await promisify(exec)(printsToken)).stdout).to.match(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(run.output()).to.match(/schedule\s+\S+outbox-sweeper\s+rate\(5 minutes\), next \d{4}-/);
    const { Item } = await items(url).send(
      new GetCommand({
        TableName: "signal9-dev-earnings-calendar",
        Key: { asset_id: "ASSET#A", earnings_date: "2026-01-01" },
      }),
    );
    expect(Item).to.equal(undefined);
    const processes = family(run.child.pid ?? 0);
    const addresses = listeningAddresses(processes);
    expect(addresses.length).to.be.greaterThan(1);
    expect([...new Set(addresses)]).to.deep.equal([loopback]);
    const askedAt = performance.now();
    run.child.kill("SIGINT");
    expect(await run.ended).to.deep.equal({ code: 0, signal: null });
    expect(performance.now() - askedAt).to.be.lessThan(5_000);
    expect(processes.filter(alive)).to.deep.equal([]);
  });

  for (const { when, args, pattern } of [
    { when: "while it comes up", args: [], pattern: undefined },
    { when: "during a day", args: ["--once"], pattern: /endpoint\s+http/ },
  ]) {
    it(`leaves nothing behind when it is stopped ${when}`, async () => {
      const run = start("--port", "0", ...args);
      if (pattern) await run.said(pattern);
      else while (family(run.child.pid ?? 0).length < 3) await new Promise((later) => setTimeout(later, 5));
      const processes = family(run.child.pid ?? 0);
      run.child.kill("SIGINT");
      expect(await run.ended).to.deep.equal({ code: 130, signal: null });
      expect(processes.filter(alive)).to.deep.equal([]);
      expect(run.complaint()).to.equal("");
    });
  }

  it("says nothing of what cannot go on because it is interrupted", async () => {
    const run = startOnTerminal("--port", "0", "--once");
    await run.said(/a trading day: \d\d:\d\d UTC, [1-9]\d* invocations/);
    run.interrupt();
    expect(await run.ended).to.deep.equal({ code: 130, signal: null });
    expect(run.output()).to.not.match(/Functions that failed|could not go on|ECONNREFUSED|LOST/);
  });

  it("ends with nothing left behind when nobody reads on what it says", async () => {
    const run = start("--port", "0", "--once");
    await run.said(/endpoint\s+http/);
    const processes = family(run.child.pid ?? 0);
    run.child.stdout?.destroy();
    expect(await run.ended).to.deep.equal({ code: 141, signal: null });
    expect(processes.filter(alive)).to.deep.equal([]);
    expect(run.complaint()).to.equal("");
  });

  it("does on a terminal what keys are for, also over the data of a run before, and ends by one", async () => {
    const folder = await mkdtemp(join(tmpdir(), "signal9-data-"));
    const listening = async () => {
      const run = startOnTerminal("--port", "0", "--data", folder);
      await run.said(/press {6}e publish an event · [\s\S]* q quit\r?\n/);
      const press = async (key: string, ...answers: RegExp[]) => {
        run.press(key);
        for (const answer of answers) await run.said(answer);
      };
      return { run, press };
    };
    try {
      const before = await listening();
      await before.press("e", /published sample-\S+; the last calls:\r?\n/);
      before.run.press("q");
      await before.run.ended;
      const { run, press } = await listening();
      await press("e", / {2}publish an event …/, /published sample-\S+; the last calls:\r?\n/);
      await press("b", /published sample-\S+; the last calls:\r?\n[\s\S]*published sample-/);
      expect(run.output())
        .to.match(/TransactWriteItems \S+ done/)
        .and.not.include("TransactionCanceledException");
      await press(
        "d",
        /(?<!\d)1 dead letter\r?\n {2}markEarningsProcessed: validation: detail\.assetId is missing\r?\n/,
      );
      await press("r", /1 dead letter\r?\n {2}\S+: redriven: /);
      await press("t", /it is \d{4}-\d\d-\d\dT/);
      await press("s", /fired .*signal9-dev-news-sync/);
      await press("m", /0 mails\r?\n {2}set signal9:alarmEmail in Pulumi\.dev\.yaml/);
      await press("h", /q quit[\s\S]*q quit\r?\n/);
      run.press("q");
      expect(await run.ended).to.deep.equal({ code: 0, signal: null });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("does what several keys are for that are pressed at once, one after the other", async () => {
    const run = startOnTerminal("--port", "0");
    await run.said(/ q quit\r?\n/);
    const times = (what: string, times: number) => new RegExp(`(?:${what}[\\s\\S]*?){${times}}`);
    run.press("bbbb");
    await run.said(times("published sample-\\S+; the last calls:", 4));
    const published = [...run.output().matchAll(/published (sample-\S+);/g)].map(([, id]) => id);
    expect(new Set(published).size).to.equal(4);
    run.press("ttt");
    await run.said(times("it is \\S+Z", 3));
    const [first = 0, ...later] = [...run.output().matchAll(/it is (\S+Z)/g)].map(([, at = ""]) => Date.parse(at));
    expect(later.map((at) => Math.floor((at - first) / hourMs))).to.deep.equal([1, 2]);
    run.press("q");
    expect(await run.ended).to.deep.equal({ code: 0, signal: null });
  });

  it("keeps tables and messages across a kill -9 where it is given a folder, which it shares with nobody", async () => {
    const folder = await mkdtemp(join(tmpdir(), "signal9-data-"));
    try {
      const put = async (run: ReturnType<typeof start>) => {
        const [, url = ""] = await run.said(/endpoint\s+(http:\/\/127\.0\.0\.1:\d+)/);
        return items(url);
      };
      const first = start("--port", "0", "--data", folder);
      const key = { asset_id: "ASSET#KEPT", earnings_date: "2026-01-01" };
      await (await put(first)).send(
        new PutCommand({ TableName: "signal9-dev-earnings-calendar", Item: { ...key, status: "scheduled" } }),
      );
      // A queue of its own: every one of the program has somebody who takes from it.
      const QueueUrl = (endpoint: string) => `${endpoint}/123456789012/kept`;
      const firstUrl = endpointOf(first);
      await queues(firstUrl).send(new CreateQueueCommand({ QueueName: "kept" }));
      await queues(firstUrl).send(new SendMessageCommand({ QueueUrl: QueueUrl(firstUrl), MessageBody: "kept" }));
      const intruder = start("--port", "0", "--data", `${folder}/../${basename(folder)}`);
      expect((await intruder.ended).code).to.equal(2);
      expect(intruder.complaint()).to.equal(
        `${folder} is in use by another Signal9. Stop that, or choose another folder with --data\n`,
      );
      await kill(first);
      const second = start("--port", "0", "--data", folder);
      const { Item } = await (await put(second)).send(
        new GetCommand({ TableName: "signal9-dev-earnings-calendar", Key: key }),
      );
      expect(Item).to.deep.equal({ ...key, status: "scheduled" });
      const secondUrl = endpointOf(second);
      const { Messages } = await queues(secondUrl).send(new ReceiveMessageCommand({ QueueUrl: QueueUrl(secondUrl) }));
      expect(Messages?.map(({ Body }) => Body)).to.deep.equal(["kept"]);
      second.child.kill("SIGTERM");
      await second.ended;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("shows the same again over the data of a run before", async function () {
    this.timeout(180_000);
    const folder = await mkdtemp(join(tmpdir(), "signal9-data-"));
    try {
      for (const round of ["first", "second"]) {
        const run = start("--once", "--json", "--port", "0", "--data", folder);
        expect((await run.ended).code, `${round}: ${run.output()}`).to.equal(0);
        const { samples } = JSON.parse(run.output()) as { samples: { counts: Record<string, number> } };
        expect(samples.counts, round).to.deep.equal({ processed: 3, duplicate: 2, stale: 1, "dead letter": 4 });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("says in one line what is in the way, and what to do", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const taken = start("--port", String(port));
    expect((await taken.ended).code).to.equal(2);
    expect(taken.complaint()).to.equal(
      `Port ${port} on 127.0.0.1 is taken, perhaps by another Signal9. Stop that, or choose one: npm start -- --port 4567\n`,
    );
    server.close();
    const [stack, number, option] = [start("--stack", "nowhere"), start("--port", "many"), start("--onse")];
    const json = start("--json", "--port", "0");
    const data = start("--port", "0", "--data", __filename);
    const unset = start("--port", "0", "--data", "");
    // Nobody can make anything there, not even root.
    const missing = start("--port", "0", "--data", "/proc/signal9/data");
    const fixed = start("--port", "0", "--data", "/proc/sys");
    const nowhere = startWith({ TMPDIR: "/proc/nowhere" }, "--port", "0");
    expect((await stack.ended).code).to.equal(2);
    expect(stack.complaint()).to.equal('There is no stack "nowhere". Stacks here: dev, prod.\n');
    expect((await json.ended).code).to.equal(2);
    expect(json.complaint()).to.equal("--json prints what came of --once: npm start -- --once --json\n");
    expect((await data.ended).code).to.equal(2);
    expect(data.complaint()).to.match(/^\S+program\.test\.ts cannot be the folder for data: EEXIST: [^\n]*\n$/);
    expect((await unset.ended).code).to.equal(2);
    expect(unset.complaint()).to.match(/^--data was given an empty value\n\nUsage: npm start/);
    for (const run of [missing, fixed]) {
      expect((await run.ended).code).to.equal(2);
      expect(run.complaint()).to.match(
        /^\/proc\/\S+ cannot be the folder for data: ENOENT: [^\n]*\. Let it be written to, or choose another with --data\n$/,
      );
    }
    expect((await nowhere.ended).code).to.equal(2);
    expect(nowhere.complaint()).to.match(
      /^Nothing can be put in \/proc\/nowhere, the folder for what passes: ENOENT: [^\n]*\. Set TMPDIR to one that can be written to\n$/,
    );
    await Promise.all([number.ended, option.ended]);
    expect(number.complaint()).to.equal("--port must be a number from 0 to 65535, not many\n");
    expect(option.complaint()).to.include("'--onse'").and.include("Usage: npm start").and.not.include("    at ");
  });

  it("shows how it is used", async () => {
    const run = start("--help");
    await run.ended;
    expect(run.output()).to.match(/^Usage: npm start/);
  });
});
