import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { writeCursor } from "../../functions/processing/eventStore/cursor";
import { partitionsOf } from "../../functions/processing/eventStore/keys";
import { readPage } from "../../functions/processing/eventStore/page";
import type { EventStore } from "../../functions/processing/eventStore/read";
import { always, type Selection } from "../../functions/processing/eventStore/selection";
import { createDynamoDB } from "../../local/dynamodb/service";
import { startTestCloud, type TestCloud } from "../local/cloud";

const table = "event-store";
const index = (name: string, attributeName: string) => ({
  name,
  keySchemas: [
    { attributeName, keyType: "HASH" },
    { attributeName: "occurred_at", keyType: "RANGE" },
  ],
  projectionType: "ALL",
});

/** An event every six hours of four days, in turns on the shards of its day. */
const first = Date.parse("2026-10-28T00:00:00Z");
const sixHours = 6 * 3_600_000;
const moments = Array.from({ length: 16 }, (_, at) => new Date(first + at * sixHours).toISOString());

describe("pages of events of another time than the page before", () => {
  let world: TestCloud;
  let store: EventStore;
  before(async () => {
    world = await startTestCloud((cloud) => [createDynamoDB(cloud)]);
    await world.declare("aws:dynamodb/table:Table", table, {
      name: table,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "event_id",
      attributes: ["event_id", "occurred_at", "day_shard", "correlation_id"].map((name) => ({ name, type: "S" })),
      globalSecondaryIndexes: [index("by-day", "day_shard"), index("by-correlation", "correlation_id")],
    });
    store = { client: DynamoDBDocumentClient.from(new DynamoDBClient(world.client)), table };
    for (const [at, occurred_at] of moments.entries()) {
      const day_shard = partitionsOf(occurred_at.slice(0, 10))[at % 4];
      const Item = { event_id: `e-${at}`, event_type: "told", occurred_at, day_shard, correlation_id: "story" };
      await store.client.send(new PutCommand({ TableName: table, Item }));
    }
  });
  after(() => world.close());

  const page = async (selection: Partial<Selection>, newestFirst: boolean, after?: string) => {
    const { events, next } = await readPage(store, { ...always, ...selection }, { limit: 4, newestFirst, after });
    return { at: events.map(({ occurred_at }) => moments.indexOf(occurred_at)), next };
  };
  const bounds = { from: first, to: first + 16 * sixHours };
  const from = (at: number) => first + at * sixHours;

  for (const [name, by] of [
    ["by day", {}],
    ["of a story", { correlationId: "story" }],
  ] as const) {
    const turned = async (newestFirst: boolean, later: Partial<Selection>): Promise<number[]> => {
      const { at, next } = await page({ ...by, ...bounds }, newestFirst);
      expect(at).to.deep.equal(newestFirst ? [15, 14, 13, 12] : [0, 1, 2, 3]);
      return (await page({ ...by, ...bounds, ...later }, newestFirst, next)).at;
    };

    it(`${name}: begin where the new time does, if the page before ended ahead of it`, async () => {
      expect(await turned(false, { from: from(2) })).to.deep.equal([4, 5, 6, 7]);
      expect(await turned(false, { from: from(6) })).to.deep.equal([6, 7, 8, 9]);
      expect(await turned(true, { to: from(14) })).to.deep.equal([11, 10, 9, 8]);
      expect(await turned(true, { to: from(10) })).to.deep.equal([9, 8, 7, 6]);
    });

    it(`${name}: are empty, if it ended behind`, async () => {
      expect(await turned(false, { to: from(2) })).to.deep.equal([]);
      expect(await turned(true, { from: from(14) })).to.deep.equal([]);
      expect(await turned(true, { from: first + 20 * sixHours, to: first + 24 * sixHours })).to.deep.equal([]);
    });
  }

  it("are refused still where the cursor is of something else", async () => {
    const { next } = await page({ correlationId: "story" }, true);
    const end = await page(bounds, true, next).catch(({ field }: { field: string }) => field);
    expect(end).to.equal("cursor");
    const byDay = writeCursor({ "2026-10-29#0": [String(moments[4]), "e-4"] });
    expect(await page({ correlationId: "story" }, true, byDay).catch(({ field }) => field)).to.equal("cursor");
  });
});
