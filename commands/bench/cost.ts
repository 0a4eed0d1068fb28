import { resolve } from "node:path";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { type EmbeddedCloud, startEmbeddedCloud } from "../../local/embedded";
import { universe } from "../../local/market/universe";
import { nextAt } from "../nextAt";
import { makeClients } from "../start/clients";
import { printTable } from "./measure";

const root = resolve(__dirname, "../..");
const prefix = "signal9-dev-";
const many = 500;

/** What the meter says that some work cost, for each of `count`. */
const billOf = async (up: EmbeddedCloud, count: number, work: () => Promise<void>): Promise<string[]> => {
  await up.settle();
  up.cloud.meter.reset();
  await work();
  await up.settle();
  const { dollars, lines } = up.cloud.meter.bill();
  const most = lines.slice(0, 4).map(({ what, dollars: part }) => `${what} ${Math.round((100 * part) / dollars)} %`);
  return [`$${((dollars / count) * 1e6).toFixed(2)}`, most.join(", ")];
};

/** Dollars a million of what the platform does, by the meter of the embedded cloud. */
export const cost = async (): Promise<void> => {
  const up = await startEmbeddedCloud({
    root,
    port: 0,
    startAt: nextAt(3.97),
    settings: { alphaVantagePerSecond: "1000" },
  });
  try {
    const { eventBridge, dynamodb, lambda } = makeClients(up.url);
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const kinesis = new KinesisClient({ endpoint: up.url, region: "us-east-1", credentials });
    const put = async (DetailType: string, details: readonly object[]) => {
      for (let at = 0; at < details.length; at += 10) {
        const Entries = details.slice(at, at + 10).map((detail) => ({
          EventBusName: `${prefix}events`,
          Source: "signal9.advisor",
          DetailType,
          Detail: JSON.stringify(detail),
        }));
        await eventBridge.send(new PutEventsCommand({ Entries }));
      }
    };
    await up.turn(5 * 60_000);
    const days = Array.from({ length: many }, (_, at) =>
      new Date(Date.UTC(2027, 0, 1 + at)).toISOString().slice(0, 10),
    );
    for (const day of days) {
      const key = { asset_id: "ASSET#AAPL", earnings_date: day };
      await dynamodb.send(
        new PutCommand({ TableName: `${prefix}earnings-calendar`, Item: { ...key, status: "scheduled", version: 1 } }),
      );
    }
    const event = await billOf(up, many, () =>
      put(
        "earningsProcessed",
        days.map((earningsDate, at) => ({ eventId: `e-${at}`, assetId: "AAPL", earningsDate })),
      ),
    );
    const symbols = universe.slice(0, 4).map(({ symbol }) => symbol);
    const dataTypes = ["company_overview", "earnings", "income_statement", "balance_sheet", "cash_flow"];
    const rating = await billOf(up, symbols.length, () =>
      put(
        "pollenationNeeded",
        symbols.map((assetId) => ({ assetId, dataTypes, priority: "high" })),
      ),
    );
    const experiment = {
      experimentId: "colour",
      name: "Colour",
      status: "running",
      control: "A",
      variants: ["A", "B"],
    };
    const Payload = JSON.stringify({ experiments: [experiment], assignments: [] });
    await lambda.send(new InvokeCommand({ FunctionName: `${prefix}put-experiments`, Payload }));
    const record = await billOf(up, many * 10, async () => {
      for (let at = 0; at < many * 10; at += 500) {
        const Records = Array.from({ length: 500 }, (_, index) => ({
          PartitionKey: `user-${at + index}`,
          Data: Buffer.from(
            JSON.stringify({
              eventId: `x-${at + index}`,
              eventType: "exposure",
              userId: `user-${(at + index) % 100}`,
              timestamp: up.cloud.clock.now() - 1_000,
              experimentId: "colour",
              variant: index % 2 === 0 ? "A" : "B",
            }),
          ),
        }));
        await kinesis.send(new PutRecordsCommand({ StreamName: `${prefix}experiment-stream`, Records }));
      }
    });
    printTable([
      ["a million of", "dollars", "of which"],
      ["events handled by one consumer", ...event],
      ["companies ingested and rated", ...rating],
      ["records of the experiment stream", ...record],
    ]);
    kinesis.destroy();
  } finally {
    await up.close();
  }
};
