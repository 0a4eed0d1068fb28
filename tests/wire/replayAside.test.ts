import { gzipSync } from "node:zlib";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { sha256Of } from "../../functions/processing/eventStore/aside";
import { toBus } from "../../functions/processing/eventStore/destination";
import { indexed } from "../../functions/processing/eventStore/keys";
import type { EventStore } from "../../functions/processing/eventStore/read";
import { planReplay, replay } from "../../functions/processing/eventStore/replay";
import { always } from "../../functions/processing/eventStore/selection";
import { limits } from "../../functions/processing/limits";
import { testRun } from "./run";
import { emptyTables } from "./tables";
import { type World, world } from "./world";

const start = Date.parse("2026-10-29T12:00:00Z");
const selection = { ...always, correlationId: "flow" };
const replayId = "replay-1";

describe("a replay of events whose details were put aside", () => {
  let real: World;
  let store: EventStore;
  const objects = new Map<string, Buffer>();
  before(async () => {
    real = await world();
    store = { client: dynamodb(), table: "event-store", aside: async (key) => objects.get(key) ?? Buffer.alloc(0) };
    await emptyTables("event-store");
  });

  const put = (eventId: string, detail: string, { bytes = Buffer.byteLength(detail) } = {}) => {
    const occurredAt = new Date(start).toISOString();
    objects.set(eventId, gzipSync(detail));
    return dynamodb().send(
      new PutCommand({
        TableName: "event-store",
        Item: {
          event_id: eventId,
          event_type: "shipped",
          source: "team",
          correlation_id: "flow",
          occurred_at: occurredAt,
          status: "observed",
          detail_claim: { key: eventId, sha256: sha256Of(detail), bytes },
          ...indexed({ eventId, occurredAt, correlationId: "flow" }),
        },
      }),
    );
  };

  it("sends them with their details, and names what it cannot send", async () => {
    const text = "x".repeat(400_000);
    await put("large", JSON.stringify({ text }));
    await put("list", "[1]");
    await put("too-large", JSON.stringify({ text: "x".repeat(limits.putEventsBytes - 100) }));
    const destination = toBus(new EventBridgeClient({ endpoint: real.bus.endpoint, maxAttempts: 1 }), "events");
    expect(await planReplay(store, selection, destination, 10)).to.deep.include({ events: 3, leftOut: {} });
    real.bus.accepted.length = 0;
    const order = { replayId, selection, destination, most: 10, perSecond: 1_000 };
    const { sent, refused } = await replay(store, order, testRun(start));
    expect(sent).to.equal(1);
    expect(refused).to.have.deep.members([
      { eventId: "list", code: "NoJsonObject" },
      { eventId: "too-large", code: "TooLarge" },
    ]);
    expect(real.bus.accepted.map(({ Detail }) => JSON.parse(Detail))).to.deep.equal([
      { text, eventId: "large", replayId },
    ]);
  });
});
