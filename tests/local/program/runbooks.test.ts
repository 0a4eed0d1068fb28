import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import {
  GetFunctionConfigurationCommand,
  ListEventSourceMappingsCommand,
  type ListEventSourceMappingsResponse,
} from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { runEvents } from "../../../commands/events/run";
import { runLogs } from "../../../commands/logs/run";
import { runTrace } from "../../../commands/trace/run";
import { alarmKinds } from "../../../infra/alarmKinds";
import { runAws } from "./awsCommand";
import { scan } from "./book";
import { storeFundamentals } from "./fundamentals";
import { prefix, type Shared, sharedCloud } from "./sharedCloud";

const root = resolve(__dirname, "../../..");
const folder = resolve(root, "docs/runbooks");
const pages = readdirSync(folder).map((file) => ({ file, text: readFileSync(resolve(folder, file), "utf8") }));
const commandsIn = (text: string): string[] =>
  [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.trim().split(/\n */));
const operations = readFileSync(resolve(root, "docs/operations.md"), "utf8");

/** In the midst of its sentences. */
const awsCommandsIn = (text: string): string[] =>
  [...text.matchAll(/`(aws [^`]+)`/g)].map(([, command = ""]) => command);

const headings = ["What it means", "What to look at", "What to do", "How to know that it is over"];

describe("the runbooks", function () {
  this.timeout(120_000);
  let shared: Shared;
  let letter: string;

  before(async () => {
    shared = await sharedCloud();
    await shared.newDay();
    await storeFundamentals(shared, "AAPL");
    await shared.hear(true, "analysis");
    const needed = { assetIds: ["AAPL"], batchSize: 8, analysisType: "rule_based", priority: "high" };
    await shared.tell({ type: "analysisNeeded", detail: { eventId: "rate", correlationId: "a story", ...needed } });
    await shared.up.settle();
    await shared.hear(false, "analysis");
    await shared.tell(
      { type: "earningsProcessed", detail: { eventId: "odd", correlationId: "a story" } },
      {
        type: "pollenationNeeded",
        detail: {
          eventId: "lost",
          assetId: "NOSUCH",
          dataTypes: ["earnings"],
          priority: "low",
          correlationId: "a story",
        },
      },
    );
    await shared.up.settle();
    letter = String((await scan(shared, "dead-letters"))[0]?.["letter_id"]);
  });
  after(() => shared.newDay());

  it("are one page for each kind of alarm, each in the same order", () => {
    expect(pages.map(({ file }) => file)).to.have.members(Object.keys(alarmKinds).map((kind) => `${kind}.md`));
    for (const { file, text } of pages) {
      expect(
        [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading),
        file,
      ).to.deep.equal(headings);
      expect(text.split("\n")[0], file).to.equal(`# ${file.replace(".md", "")}`);
      expect(commandsIn(text), file).to.not.equal([]);
    }
  });

  const run = async (command: string): Promise<string> => {
    const filled = command
      .replace("--aws --stack <stack>", `--endpoint ${shared.up.url}`)
      .replaceAll("<correlation id>", "a-story")
      .replaceAll("<letter id>", letter)
      .replaceAll("<symbol>", "AAPL")
      .replaceAll("<function>", "pollination");
    expect(filled, command).to.match(/^npm run \w+ -- [^<>]+$/);
    const [, , name = "", , ...words] = filled.match(/"[^"]*"|\S+/g) ?? [];
    const args = words.map((word) => word.replaceAll('"', "").replace("a-story", "a story"));
    if (name === "logs") return runLogs(args);
    if (name === "trace") return runTrace(args);
    if (name === "events") return (await runEvents(args, () => undefined)).text;
    const node = ["-r", "./local/engine/typescript.cjs", `commands/${name}.ts`, ...args];
    return (await promisify(execFile)(process.execPath, node, { cwd: root })).stdout;
  };

  it("say commands that work, each of them", async () => {
    const ofLetters = commandsIn(operations).filter((command) => command.startsWith("npm run dlq"));
    expect(ofLetters.join()).to.include("dlq -- show").and.include("dlq -- redrive <letter id>");
    const commands = [...new Set([...pages.flatMap(({ text }) => commandsIn(text)), ...ofLetters])];
    expect(commands.length).to.be.greaterThan(10);
    // What is discarded cannot be redriven: looking comes first, ending last.
    const order = (command: string) => [/redrive|replay/, /discard/].findIndex((word) => word.test(command));
    const answers = new Map<string, string>();
    for (const command of commands.sort((a, b) => order(a) - order(b))) answers.set(command, await run(command));
    for (const [command, answer] of answers) expect(answer.trim(), command).to.not.equal("");
    const answerTo = (part: string) => [...answers].find(([command]) => command.includes(part))?.[1] ?? "";
    expect(answerTo("logs -- errors-by-reason --function <function>")).to.include("NOSUCH is not a company we know");
    expect(answerTo("logs -- duration-and-memory --function <function>")).to.include(`/${prefix}pollination`);
    expect(answerTo("logs -- dead-letters")).to.include("detail.assetId is missing");
    expect(answerTo("trace --")).to.include("failed, sent to the dead letter queue");
    expect(answerTo("dlq -- list --aws")).to.include("pollination").and.include("mark-earnings-processed");
    expect(answerTo("dlq -- redrive --origin <function>")).to.include("redriven");
    expect(answerTo("dlq -- discard")).to.include("discarded");
    expect(answerTo("events -- list")).to.include("analysisComplete");
  });

  it("say commands of AWS that are taken as they stand", async () => {
    const FunctionName = `${prefix}pollination`;
    const { lambda } = shared.clients;
    const { EventSourceMappings: [mapping] = [] } = await lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName }),
    );
    const before = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const commands = [...new Set(pages.flatMap(({ text }) => awsCommandsIn(text)))].filter(
      // Which follow one from another: tests/local/program/alarms/stream.ts does as they say.
      (command) => !command.startsWith("aws kinesis"),
    );
    expect(commands.map((command) => command.split(" ")[2])).to.include.members([
      "enable-rule",
      "update-event-source-mapping",
      "update-function-configuration",
    ]);
    for (const command of commands) {
      const filled = command
        .replace("signal9-<stack>-", prefix)
        .replace("<function>", "pollination")
        .replace("<uuid>", mapping?.UUID ?? "")
        .replace("<megabytes>", "512");
      expect(filled, command).to.not.match(/[<>]/);
      const { EventSourceMappings: listed } = (await runAws(shared, filled)) as ListEventSourceMappingsResponse;
      // Of one function: what the page names narrows it.
      const functions = new Set(listed?.map(({ FunctionArn }) => FunctionArn));
      if (command.includes(" list-")) expect(functions.size, command).to.equal(1);
    }
    const after = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect([before.MemorySize, after.MemorySize]).to.deep.equal([256, 512]);
    // Schedules fire only where a test says so.
    await runAws(shared, `aws events disable-rule --name ${prefix}outbox-sweeper`);
    await runAws(shared, `aws lambda update-function-configuration --function-name ${FunctionName} --memory-size 256`);
  });

  it("are asked by names that there are: of a query, of a function", async () => {
    const endpoint = ["--endpoint", shared.up.url];
    expect((await runLogs(endpoint)).split("\n")).to.include.members(["one-story", "errors-by-reason"]);
    for (const [args, why] of [
      [["nothing"], "There is no query nothing"],
      [["errors-by-reason", "--function", "nobody"], "There is no function nobody"],
      [["errors-by-reason", "--since", "then"], "--since must be a moment"],
      [["one", "two"], "Name one query"],
    ] as const) {
      const error = await runLogs([...args, ...endpoint]).catch((refused: Error) => refused);
      expect(error).to.be.instanceOf(Error).with.property("message").that.includes(why);
    }
    expect(JSON.parse(await runLogs(["retried-calls", "--json", ...endpoint]))).to.be.an("array");
    expect(await runLogs(["--help"])).to.include("Usage: npm run logs");
    expect(await runTrace(["--help"])).to.include("Usage: npm run trace");
  });
});
