import { DescribeQueryDefinitionsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DisableRuleCommand, EnableRuleCommand, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { runLogs } from "../../../commands/logs/run";
import { runTrace } from "../../../commands/trace/run";
import type { Step } from "../../../commands/trace/step";
import type { StoredEvent } from "../../../functions/processing/eventStore/storedEvent";
import { queries } from "../../../infra/queries";
import { scan } from "./book";
import { logLinesOf } from "./logLines";
import { prefix, type Shared, sharedCloud } from "./sharedCloud";

interface Trace {
  correlationIds: string[];
  cut: boolean;
  steps: Step[];
}

describe("one story of the whole program", function () {
  this.timeout(120_000);
  let shared: Shared;
  const switchedOn: string[] = [];

  const setRules = async (enabled: boolean) => {
    const EventBusName = shared.outputs.bus.name;
    const { Rules = [] } = await shared.clients.eventBridge.send(new ListRulesCommand({ EventBusName }));
    if (enabled) switchedOn.push(...Rules.flatMap(({ Name, State }) => (State === "DISABLED" && Name ? [Name] : [])));
    const Command = enabled ? EnableRuleCommand : DisableRuleCommand;
    for (const Name of switchedOn) await shared.clients.eventBridge.send(new Command({ Name, EventBusName }));
  };
  const now = () => shared.up.cloud.clock.now();
  const storedEvents = async () => (await scan(shared, "event-store")) as unknown as StoredEvent[];
  const traced = async (id: string) => JSON.parse(await runTrace([id, "--json", "--endpoint", shared.up.url])) as Trace;

  before(async () => {
    shared = await sharedCloud();
    await shared.newDay();
    await setRules(true);
    await shared.turnTo(4.1, { only: ["asset-sync"] });
    const asked = { assetId: "AAPL", priority: "high", correlationId: "a story" };
    const dataTypes = ["company_overview", "earnings", "income_statement", "balance_sheet", "cash_flow"];
    await shared.tell(
      { type: "pollenationNeeded", detail: { ...asked, dataTypes, eventId: "asked" } },
      {
        type: "pollenationNeeded",
        detail: { ...asked, dataTypes, assetId: "NOSUCH", eventId: "lost", causationId: "why" },
      },
    );
    await shared.up.settle();
    await shared.turnTo(7.1, { only: ["pollination-planner-regular"] });
    await shared.up.settle();
  });
  after(async () => {
    await setRules(false);
    await shared.newDay();
  });

  it("is told in order: events, what functions said of them, and the workflow, each with how long it took", async () => {
    const { steps, cut, correlationIds } = await traced("a story");
    expect(cut).to.equal(false);
    expect(correlationIds[0]).to.equal("a story");
    expect(steps.map(({ at }) => at)).to.deep.equal(steps.map(({ at }) => at).sort((a, b) => a - b));
    const of = (kind: Step["kind"], where: string) =>
      steps.filter((step) => step.kind === kind && step.where === where);
    const stored = (await storedEvents()).filter(({ correlation_id }) => correlation_id === "a story");
    expect(stored.length).to.be.greaterThan(10);
    const told = steps.filter(({ kind }) => kind === "event").map(({ eventId }) => eventId);
    expect(told).to.include.members(stored.map(({ event_id }) => event_id));
    for (const consumer of ["pollination", "ingestion", "analysis-batches", "analysis", "audit"]) {
      const handled = of("log", consumer).filter(({ what }) => what.startsWith("handled"));
      expect(handled, consumer).to.not.equal([]);
      for (const { durationMs } of handled) expect(durationMs, consumer).to.be.a("number").that.is.at.least(0);
    }
    const workflow = of("workflow", "analysis-workflow").map(({ what }) => what);
    expect(workflow).to.include.members(["started", "Is there enough data?  AAPL", "Rate  AAPL", "succeeded"]);
    for (const step of ["data-validation", "rule-based-analysis", "result-storage", "notification"]) {
      expect(
        of("log", step).map(({ what }) => what),
        step,
      ).to.include("done");
    }
    const completed = steps.findIndex(({ what }) => what.startsWith("analysisComplete"));
    expect(completed).to.be.greaterThan(steps.findIndex(({ what }) => what.startsWith("analysisNeeded")));
  });

  it("has what went wrong: a dead letter, with its reason", async () => {
    const { steps } = await traced("a story");
    const failed = steps.find(({ level, eventId }) => level === "ERROR" && eventId === "lost");
    expect(failed?.what).to.match(/^failed, sent to the dead letter queue: .*NOSUCH is not a company we know/);
    expect(steps.map(({ where, what }) => [where, what.split(":")[0]])).to.deep.include([
      "dlq-processor",
      "stored a dead letter",
    ]);
  });

  it("begins with a schedule's run where that called for it", async () => {
    const day = new Date(now()).toISOString().slice(0, 10);
    const slot = `pollinationPlanner#regular#${day}T07`;
    const { steps, correlationIds } = await traced(slot);
    const [planned] = steps.filter(({ where }) => where === "pollination-planner");
    expect(planned?.what).to.equal("planned");
    const begun = (await storedEvents()).filter(({ causation_id }) => causation_id === slot);
    expect(begun.length).to.be.greaterThan(0);
    expect(correlationIds).to.include.members(begun.map(({ correlation_id }) => correlation_id));
  });

  it("reads as lines, and says so where there is nothing", async () => {
    const text = await runTrace(["a story", "--endpoint", shared.up.url]);
    expect(text).to.match(/^\d+ events, \d+ log lines, \d+ steps of workflows, /);
    expect(text).to.match(/^\+\d+ ms +\d+ ms +pollination +handled: /m);
    expect(await runTrace(["nobody's", "--endpoint", shared.up.url])).to.equal("nothing bears this correlation id");
  });

  it("can be asked of the logs by saved queries, over every function, and all of them are understood", async () => {
    const { queryDefinitions = [] } = await shared.clients.logs.send(
      new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix: prefix }),
    );
    expect(queryDefinitions.map(({ name }) => name)).to.have.members(
      Object.keys(queries).map((name) => `${prefix}${name.replaceAll(" ", "-")}`),
    );
    const functions = await shared.clients.lambda.send(new ListFunctionsCommand({}));
    const groups = (functions.Functions ?? [])
      .map(({ FunctionName }) => `/aws/lambda/${FunctionName}`)
      .filter((name) => name !== `/aws/lambda/${prefix}create-indices`);
    expect(groups).to.have.length.greaterThan(20);
    for (const { logGroupNames } of queryDefinitions) expect(logGroupNames).to.have.members(groups);
  });

  it("is asked of one function by either of its names, and of none by a name that is none", async () => {
    const asked = (name: string) =>
      runLogs(["how-long-events-take", "--function", name, "--json", "--endpoint", shared.up.url]);
    const rows = await asked("analysis-batches");
    expect(rows).to.include('"functionName": "signal9-dev-analysis-batches"');
    expect(await asked("analysisBatches")).to.equal(rows);
    const refused = await asked("nobody").catch((error: Error) => error.message);
    expect(refused).to.match(/^There is no function nobody\. There are: analysis, .*queue-watch, /);
  });

  it("is in every line that a function has written: whose story, and by which event", async () => {
    const lines = await logLinesOf(shared);
    expect(lines.length).to.be.greaterThan(100);
    for (const line of lines)
      expect(line["correlationId"], JSON.stringify(line)).to.be.a("string").with.length.above(0);
    const causes = new Map((await storedEvents()).map(({ event_id, causation_id }) => [event_id, causation_id]));
    const about = lines.filter(({ eventId }) => causes.get(String(eventId)) !== undefined);
    expect(about.length).to.be.greaterThan(20);
    for (const line of about) {
      expect(line["causationId"], JSON.stringify(line)).to.equal(causes.get(String(line["eventId"])));
    }
    const lost = lines.filter(({ eventId }) => eventId === "lost");
    expect(lost.map(({ causationId }) => causationId)).to.include("why");
    const steps = lines.filter(({ function: of }) => of === "notification" || of === "resultStorage");
    for (const { correlationId, causationId } of steps) {
      expect([correlationId, causationId]).to.satisfy((ids: unknown[]) => ids.every((id) => typeof id === "string"));
    }
    expect(steps.length).to.be.greaterThan(1);
  });
});
