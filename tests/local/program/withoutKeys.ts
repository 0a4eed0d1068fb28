import { resolve } from "node:path";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { makeClients } from "../../../commands/start/clients";
import { readDeadLetters } from "../../../commands/start/deadLetters";
import type { Signal9Outputs } from "../../../infra/outputs";
import { startEmbeddedCloud } from "../../../local/embedded";

/** Run by dayWithoutKeys.test.ts in a process of its own: a program comes up once a process. */

const prefix = "signal9-dev-";
const schedules = ["asset-sync", "earnings-sync", "news-sync"];

/** A day without any provider's key, and what was written of it. */
const day = async () => {
  // As with the real providers, and nothing to show them.
  const up = await startEmbeddedCloud({ root: resolve(__dirname, "../../.."), port: 0, live: {} });
  try {
    const clients = makeClients(up.url);
    const outputs = up.run.outputs as unknown as Signal9Outputs;
    const company = { asset_id: "ASSET#AAPL", status: "active" };
    await clients.dynamodb.send(new PutCommand({ TableName: outputs.tables.assets.name, Item: company }));
    const request = {
      EventBusName: outputs.bus.name,
      Source: "signal9.advisor",
      DetailType: "pollenationNeeded",
      Detail: JSON.stringify({ assetId: "AAPL", dataTypes: ["earnings"], priority: "high" }),
    };
    await clients.eventBridge.send(new PutEventsCommand({ Entries: [request] }));
    for (const label of schedules) up.services.eventBridge.fire(`${prefix}${label}`);
    await up.settle();
    const logs = await Promise.all(
      [...schedules, "pollination", "ingestion"].map(async (label) => {
        const logGroupName = `/aws/lambda/${prefix}${label}`;
        const { events = [] } = await clients.logs.send(new FilterLogEventsCommand({ logGroupName }));
        return [label, events.map(({ message = "{}" }) => JSON.parse(message) as unknown)] as const;
      }),
    );
    const { Items } = await clients.dynamodb.send(new ScanCommand({ TableName: `${prefix}queue-tracking` }));
    return { logs: Object.fromEntries(logs), jobs: Items, letters: await readDeadLetters(clients, outputs) };
  } finally {
    await up.close();
  }
};

void day().then((found) => console.log(JSON.stringify(found)));
