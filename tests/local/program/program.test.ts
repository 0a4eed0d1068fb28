import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { copyProgram } from "./elsewhere";
import {
  alive,
  family,
  kill,
  listeningAddresses,
  type Started,
  start,
  startIn,
  startOnTerminal,
  startWith,
} from "./started";

const loopback = "0100007F";

const settings = (endpoint: string) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});
const items = (endpoint: string) => DynamoDBDocumentClient.from(new DynamoDBClient(settings(endpoint)));
const queues = (endpoint: string) => new SQSClient(settings(endpoint));
const endpointOf = (run: Started): string => /http:\/\/127\.0\.0\.1:\d+/.exec(run.output())?.[0] ?? "";

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

  it("does on a terminal what keys are for, and ends by one", async () => {
    const run = startOnTerminal("--port", "0");
    await run.said(/press {6}e publish an event · [\s\S]* q quit\r\n/);
    const press = async (key: string, ...answers: RegExp[]) => {
      run.press(key);
      for (const answer of answers) await run.said(answer);
    };
    await press("e", / {2}publish an event …/, /published sample-1; the last calls:\r\n/);
    await press("b", /published sample-2; the last calls:\r\n/);
    await press("d", /1 dead letter\r\n {2}markEarningsProcessed: validation: detail\.assetId is missing\r\n/);
    await press("r", /1 dead letter\r\n {2}\S+: redriven: /);
    await press("t", /it is \d{4}-\d\d-\d\dT/);
    await press("s", /fired .*signal9-dev-news-sync/);
    await press("m", /0 mails\r\n {2}set signal9:alarmEmail in Pulumi\.dev\.yaml/);
    await press("h", /q quit[\s\S]*q quit\r\n/);
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

  describe("of a program that is changed", () => {
    let copy: Awaited<ReturnType<typeof copyProgram>>;
    before(async () => {
      copy = await copyProgram();
    });
    after(() => copy.remove());
    const change = async (file: string, edit: (text: string) => string) => {
      const path = join(copy.folder, file);
      const text = await readFile(path, "utf8");
      expect(edit(text), file).not.to.equal(text);
      await writeFile(path, edit(text));
      return () => writeFile(path, text);
    };

    it("puts new code into functions while they run", async () => {
      const run = startIn(copy.folder, "--port", "0");
      await run.said(/list-tables\n/);
      const url = endpointOf(run);
      const logs = new CloudWatchLogsClient(settings(url));
      const tell = async () => {
        const detail = { assetId: "NOBODY", earningsDate: "2026-10-29" };
        const about = {
          EventBusName: "signal9-dev-events",
          Source: "signal9.advisor",
          DetailType: "earningsProcessed",
        };
        await new EventBridgeClient(settings(url)).send(
          new PutEventsCommand({ Entries: [{ ...about, Detail: JSON.stringify(detail) }] }),
        );
      };
      const reasons = async (filterPattern: string): Promise<unknown[]> => {
        for (;;) {
          const logGroupName = "/aws/lambda/signal9-dev-mark-earnings-processed";
          const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern }));
          if (events.length > 0) return events;
        }
      };
      const source = "functions/processing/earnings/markProcessed.ts";
      await tell();
      await reasons('"is not in the earnings calendar"');
      await change(source, (text) => text.replace("is not in the earnings calendar", "is nowhere to be found"));
      await run.said(/reloaded signal9-dev-mark-earnings-processed in \d+ ms/);
      await tell();
      expect(await reasons('"is nowhere to be found"')).to.have.length.greaterThan(0);
      await change(source, (text) => `// The same.\n${text}`);
      await run.said(/reloaded no function in \d+ ms/);
      const mend = await change(source, (text) => `const const = 1;\n${text}`);
      await run.said(
        /not reloaded: the shared module cannot be bundled\n\n.*"const"\n\n.*markProcessed\.ts:1:6:\n.*const const/,
      );
      expect(run.complaint()).to.equal("");
      await mend();
      await run.said(/reloaded no function in \d+ ms[\s\S]*reloaded no function in \d+ ms/);
      for (const file of ["infra/queue.ts", "index.ts"]) {
        await change(file, (text) => `${text}\n// The same.\n`);
        await run.said(new RegExp(`\n${file} has changed: what is built changes with the next start\n`));
      }
      const bad = await change(source, (text) => `throw new RangeError("no start");\n${text}`);
      await run.said(/(reloaded signal9-dev-mark-earnings-processed[\s\S]*){2}/);
      await tell();
      await run.said(/signal9-dev-mark-earnings-processed fails: RangeError: no start\n/);
      await bad();
      const command = "DescribeEndpointsCommand";
      await change(source, (text) =>
        [
          `import { ${command} } from "@aws-sdk/client-dynamodb";`,
          text.replace("is nowhere to be found", `is no \${typeof ${command}}`),
        ].join("\n"),
      );
      await run.said(/reloaded \d+ functions in \d+ ms/);
      await tell();
      expect(await reasons('"is no function"')).to.have.length.greaterThan(0);
      run.child.kill("SIGINT");
      expect((await run.ended).code).to.equal(0);
    });

    it("stops at a resource that it does not know, by type and name", async () => {
      const restore = await change("index.ts", (text) =>
        text.replace(
          "export =",
          'new (require("@pulumi/aws").ssm.Parameter)("forgotten", { type: "String", value: "x" });\n\nexport =',
        ),
      );
      const run = startIn(copy.folder, "--port", "0", "--once");
      expect((await run.ended).code).to.equal(2);
      expect(run.complaint()).to.equal(
        [
          "The program does not come up:",
          "  the embedded cloud does not support this type of resource",
          "    at aws:ssm/parameter:Parameter forgotten",
          "",
        ].join("\n"),
      );
      await restore();
    });

    const stops = async (file: string, edit: (text: string) => string): Promise<[number | null, string]> => {
      const restore = await change(file, edit);
      const run = startIn(copy.folder, "--port", "0", "--once");
      const { code } = await run.ended;
      await restore();
      return [code, run.complaint()];
    };

    it("stops at a mistake in the shared module, with its line, said once and without its way through Pulumi", async () => {
      const file = "functions/processing/earnings/markProcessed.ts";
      const [code, complaint] = await stops(file, (text) => `const const = 1;\n${text}`);
      expect(code).to.equal(2);
      expect(complaint.split("\n").slice(0, 2)).to.deep.equal([
        "The program does not come up:",
        '  error serializing property "code": the shared module cannot be bundled',
      ]);
      expect(complaint.match(/markProcessed\.ts:1:6/g)).to.have.length(1);
      expect(complaint.split("\n").at(-2)).to.equal("    at program");
    });

    it("stops at a mistake in the program, with its line", async () => {
      const mistaken = (text: string) => `const const = 1;\n${text}`;
      for (const file of ["infra/queue.ts", "functions/newsSync.ts"]) {
        const [code, complaint] = await stops(file, mistaken);
        expect(code, file).to.equal(2);
        expect(complaint).to.match(new RegExp(`^The program cannot be loaded: ${file} cannot be compiled\n\n`));
        expect(complaint).to.match(new RegExp(`${file}[:(]1[:,]`));
        expect(complaint).not.to.match(/Stack backtrace|at Object|ended by itself/);
      }
    });

    it("stops at what the program throws, with where it did", async () => {
      const [code, complaint] = await stops("infra/queue.ts", (text) => `${text}\nthrow new Error("at once");\n`);
      expect(code).to.equal(1);
      expect(complaint).to.match(/^Error: at once\n {4}at .*infra\/queue\.ts:\d+:\d+\)\n/);
      expect(complaint).not.to.include("runApart");
    });

    it("says which functions do not work, and ends with a status of its own", async () => {
      const throwing = (text: string) => `throw new Error("no start");\n${text}`;
      const restore = [
        await change("functions/processing/assetSync.ts", throwing),
        await change("functions/processing/ledgerAccounts.ts", throwing),
      ];
      const run = startIn(copy.folder, "--port", "0", "--once");
      expect((await run.ended).code).to.equal(1);
      for (const one of restore) await one();
      expect(run.output()).to.include("  0 done\n");
      expect(run.complaint()).to.equal(
        [
          "Functions that failed, in their logs with more:",
          "",
          "  signal9-dev-asset-sync        3 of 3 invocations, the last by Error: no start",
          "  signal9-dev-ledger-accounts   1 of 1 invocations, the last by Error: no start",
          "",
          'The demonstration could not go on: POST /accounts of the ledger\'s API was answered by 500: {"message":"Internal Server Error"}',
          "",
        ].join("\n"),
      );
    });

    it("stops at two resources with one name, and at a setting that is wrong", async () => {
      const restore = await change("index.ts", (text) =>
        text.replace("createSecrets(settings);", "createTables(settings);"),
      );
      const twice = startIn(copy.folder, "--port", "0", "--once");
      expect((await twice.ended).code).to.equal(2);
      expect(twice.complaint()).to.include("  another resource has this name\n    at aws:dynamodb/table:Table ");
      await restore();
      await change("Pulumi.dev.yaml", (text) => text.replace("debugLogPercent: 0", "logLevel: LOUD"));
      const loud = startIn(copy.folder, "--port", "0", "--once");
      expect((await loud.ended).code).to.equal(2);
      expect(loud.complaint()).to.equal(
        "The configuration of stack dev is not valid:\n  - signal9:logLevel must be one of DEBUG, INFO, WARN, ERROR\n",
      );
    });
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
    expect((await stack.ended).code).to.equal(2);
    expect(stack.complaint()).to.equal('There is no stack "nowhere". Stacks here: dev, prod.\n');
    expect((await json.ended).code).to.equal(2);
    expect(json.complaint()).to.equal("--json prints what came of --once: npm start -- --once --json\n");
    expect((await data.ended).code).to.equal(2);
    expect(data.complaint()).to.match(/^\S+program\.test\.ts cannot be the folder for data: EEXIST: [^\n]*\n$/);
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
