import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { expect } from "chai";
import { copyProgram } from "./elsewhere";
import { endpointOf, settings, startIn } from "./started";

describe("npm start of a program that is changed", function () {
  this.timeout(150_000);

  let copy: Awaited<ReturnType<typeof copyProgram>>;
  before(async () => {
    copy = await copyProgram();
  });
  after(() => copy.remove());
  /** As most editors do, by another file in its place; what it answers writes into the file, as the others do. */
  const change = async (file: string, edit: (text: string) => string) => {
    const path = join(copy.folder, file);
    const text = await readFile(path, "utf8");
    expect(edit(text), file).not.to.equal(text);
    await writeFile(`${path}~`, edit(text));
    await rename(`${path}~`, path);
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
    for (const [file, comment] of [
      ["infra/queue.ts", "//"],
      ["index.ts", "//"],
      ["Pulumi.yaml", "#"],
    ] as const) {
      await change(file, (text) => `${text}\n${comment} The same.\n`);
      await run.said(new RegExp(`\n${file} has changed: what is built changes with the next start\n`));
    }
    const entry = join(copy.folder, "functions/processing/newsSync.ts");
    await rename(entry, `${entry}~`);
    await run.said(
      /reloaded no function in \d+ ms\nfunctions\/processing\/newsSync\.ts is gone: signal9-dev-news-sync goes on with its old code\n/,
    );
    await rename(`${entry}~`, entry);
    await run.said(/is gone:[\s\S]*reloaded no function in \d+ ms\n/);
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
