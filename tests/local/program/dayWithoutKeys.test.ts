import { resolve } from "node:path";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { type Clients, makeClients } from "../../../commands/start/clients";
import { readDeadLetters } from "../../../commands/start/deadLetters";
import type { Signal9Outputs } from "../../../infra/outputs";
import { type EmbeddedCloud, startEmbeddedCloud } from "../../../local/embedded";
import { prefix } from "./shared";

describe("a day without any provider's key", function () {
  this.timeout(30_000);
  let up: EmbeddedCloud;
  let clients: Clients;
  let outputs: Signal9Outputs;
  before(async () => {
    // As with the real providers, and nothing to show them.
    up = await startEmbeddedCloud({ root: resolve(__dirname, "../../.."), port: 0, live: {} });
    clients = makeClients(up.url);
    outputs = up.run.outputs as unknown as Signal9Outputs;
  });
  after(() => up?.close());

  const logOf = async (label: string) =>
    (
      (await clients.logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${prefix}${label}` }))).events ??
      []
    ).map(({ message = "{}" }) => JSON.parse(message) as Record<string, unknown>);

  it("says so, fails nowhere, and keeps the work that was asked for", async () => {
    await clients.dynamodb.send(
      new PutCommand({ TableName: outputs.tables.assets.name, Item: { asset_id: "ASSET#AAPL", status: "active" } }),
    );
    const request = { assetId: "AAPL", dataTypes: ["earnings"], priority: "high" };
    await clients.eventBridge.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: outputs.bus.name,
            Source: "signal9.advisor",
            DetailType: "pollenationNeeded",
            Detail: JSON.stringify(request),
          },
        ],
      }),
    );
    for (const label of ["asset-sync", "earnings-sync", "news-sync"]) up.services.eventBridge.fire(`${prefix}${label}`);
    await up.settle();
    for (const [label, provider] of [
      ["asset-sync", "Alpaca"],
      ["earnings-sync", "AlphaVantage"],
      ["news-sync", "AlphaVantage"],
    ] as const) {
      const ends = (await logOf(label)).flatMap(({ result }) => (result === undefined ? [] : [result]));
      expect(ends, label).to.deep.equal([{ skipped: `no key for ${provider} is set` }]);
    }
    const outcomes = (await logOf("ingestion")).flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome]));
    expect(outcomes).to.deep.equal(["waiting: no key for AlphaVantage is set"]);
    for (const label of ["asset-sync", "earnings-sync", "news-sync", "pollination", "ingestion"]) {
      expect(
        (await logOf(label)).filter(({ level }) => level === "ERROR" || level === "WARN"),
        label,
      ).to.deep.equal([]);
    }
    const Key = { job_id: "ingestion#AAPL#earnings" };
    const { Item } = await clients.dynamodb.send(new GetCommand({ TableName: `${prefix}queue-tracking`, Key }));
    expect(Item).to.include({ status: "enqueued", attempts: 0 });
    expect(await readDeadLetters(clients, outputs)).to.deep.equal([]);
  });
});
