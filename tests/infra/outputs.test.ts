import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "chai";
import { camelCase } from "../../infra/naming";
import { consumersOf, programOf } from "./program";

const shape = (value: unknown): unknown => {
  if (Array.isArray(value)) return [shape(value[0])];
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)]));
};

const nameAndArn = { name: "string", arn: "string" };

const queue = { url: "string", arn: "string", deadLettersUrl: "string", deadLettersArn: "string" };

describe("stack outputs", () => {
  it("keep their names and shapes", async () => {
    const run = await programOf({ stack: "prod" });
    const { outputs } = run;
    const consumers = consumersOf(run).map(camelCase);
    expect(consumers).to.include.members(["pollination", "ingestion", "analysisBatches", "markEarningsProcessed"]);
    const readme = readFileSync(resolve(__dirname, "../../README.md"), "utf8");
    for (const output of Object.keys(outputs))
      expect(readme).to.match(new RegExp(`^\\| \`${output}\` .* \\| .* \\|$`, "m"));
    expect(shape(outputs)).to.deep.equal({
      bus: nameAndArn,
      schemaRegistry: nameAndArn,
      archive: nameAndArn,
      tables: {
        assets: nameAndArn,
        companyOverview: nameAndArn,
        earnings: nameAndArn,
        incomeStatement: nameAndArn,
        balanceSheet: nameAndArn,
        cashFlow: nameAndArn,
        news: nameAndArn,
        assetAnalysis: nameAndArn,
        earningsCalendar: nameAndArn,
        processingState: nameAndArn,
        eventStore: nameAndArn,
      },
      topics: {
        alarms: { arn: "string" },
        dlqNotifications: { arn: "string" },
        validationError: { arn: "string" },
        analysisNotification: { arn: "string" },
        ledgerNotification: { arn: "string" },
      },
      queues: Object.fromEntries(consumers.map((name) => [name, queue])),
      api: { endpoint: "string" },
      experiments: {
        stream: nameAndArn,
        put: nameAndArn,
        results: nameAndArn,
        archive: { database: "string", table: "string" },
      },
      stateMachine: nameAndArn,
      network: { vpcId: "string", privateSubnetIds: ["string"], functionsGroupId: "string" },
      dashboard: { name: "string" },
    });
    expect(outputs["stateMachine"]).to.include({ name: "signal9-prod-analysis-workflow" });
  });
});
