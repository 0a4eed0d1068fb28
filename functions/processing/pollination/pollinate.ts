import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { expectedSoFar } from "../earnings/reported";
import { overtaken } from "../effects/overtaken";
import { env } from "../environment";
import { createEvent } from "../events/create";
import { dataIngestionNeeded } from "../events/dataIngestionNeeded";
import type { PlatformEvent } from "../events/definition";
import { derivedId } from "../events/derivedId";
import type { pollenationNeeded } from "../events/pollenationNeeded";
import { Failure } from "../failure";
import type { DataType } from "../fundamentals/dataTypes";
import { publish } from "../outbox/publish";
import { pendingEvent, pendingRow } from "../outbox/record";
import { dueTypes } from "../planning/staleTypes";
import { type AssetState, openTypes } from "../state/assetState";
import { takeUp } from "./takeUp";

export type PollenationNeeded = PlatformEvent<typeof pollenationNeeded>;

/** `duplicate`: this very event was taken up before. `fresh`: all that was asked for is new enough. */
export type Outcome = "queued" | "duplicate" | "fresh" | "inactive";

interface Known {
  asset: { status: string } | undefined;
  state: AssetState | undefined;
}

const readKnown = async (assetId: string, run: Run): Promise<Known> => {
  const [assets, states] = [env("ASSETS_TABLE"), env("PROCESSING_STATE_TABLE")];
  const key = { asset_id: `ASSET#${assetId}` };
  let found: Record<string, Record<string, unknown>[]> = {};
  await run.call("BatchGetItem", "dynamodb", async () => {
    const { Responses, UnprocessedKeys = {} } = await dynamodb().send(
      new BatchGetCommand({
        RequestItems: { [assets]: { Keys: [key] }, [states]: { Keys: [key], ConsistentRead: true } },
      }),
    );
    if (Object.keys(UnprocessedKeys).length > 0) {
      throw new Failure("throttled", "an asset and its state were not read", { origin: "dynamodb" });
    }
    found = Responses ?? {};
  });
  return {
    asset: found[assets]?.[0] as Known["asset"],
    state: found[states]?.[0] as AssetState | undefined,
  };
};

const doorbell = (event: PollenationNeeded, type: DataType, run: Run) =>
  createEvent(
    dataIngestionNeeded,
    { assetId: event.payload.assetId, dataType: type, priority: event.payload.priority },
    {
      eventId: derivedId(dataIngestionNeeded.type, event.eventId, type),
      timestamp: run.now(),
      correlationId: event.correlationId,
      causationId: event.eventId,
    },
  );

/** Queues the fetching of what is stale or soon will be, and of nothing else. What waits already is rung for again. */
export const pollinate = async (event: PollenationNeeded, run: Run): Promise<Outcome> => {
  const { assetId, dataTypes } = event.payload;
  // What was stored before a report came out is stale at once.
  const reportDays = (await expectedSoFar(assetId, run)).map(({ earnings_date }) => earnings_date);
  const rows = await overtaken(run, async () => {
    const { asset, state } = await readKnown(assetId, run);
    if (!asset) {
      throw new Failure("permanent", `detail.assetId ${assetId} is not a company we know`, {
        origin: "input",
        field: "detail.assetId",
      });
    }
    if (asset.status !== "active") return "inactive" as const;
    if (state?.cause_id === event.eventId) return "duplicate" as const;
    const due = [...dueTypes(state, reportDays, run.now()), ...openTypes(state)];
    const wanted = dataTypes.filter((type) => due.includes(type));
    if (wanted.length === 0) return "fresh" as const;
    const bells = wanted.map((type) => ({ type, bell: doorbell(event, type, run) }));
    const work = {
      assetId,
      priority: event.payload.priority,
      bells: bells.map(({ type, bell }) => ({ type, eventId: bell.eventId })),
      events: bells.map(({ bell }) => pendingEvent(dataIngestionNeeded, bell)),
      by: "pollination",
      cause: event,
    };
    if (!(await takeUp(work, state, run))) return "duplicate" as const;
    return bells.map(({ bell }) => pendingRow(dataIngestionNeeded, bell));
  });
  if (typeof rows === "string") return rows;
  await publish(rows, run);
  return "queued";
};
