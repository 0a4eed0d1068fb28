import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { runEvents } from "../../../commands/events/run";
import { scan } from "./book";
import { prefix, type Shared, sharedCloud } from "./sharedCloud";

const bucket = `${prefix}event-details-123456789012`;

describe("an event of another team that is too large for a row", function () {
  this.timeout(120_000);
  let shared: Shared;
  before(async () => {
    shared = await sharedCloud();
    await shared.newDay();
    await shared.hear(true, "audit");
  });
  after(async () => {
    await shared.up.settle();
    await shared.hear(false, "audit");
  });

  const events = async (...args: string[]) => {
    const { text } = await runEvents([...args, "--json", "--endpoint", shared.up.url], () => undefined);
    return JSON.parse(text) as Record<string, unknown>;
  };

  it("is stored, shown and replayed whole, its detail in an object", async () => {
    const text = "x".repeat(600 * 1_024);
    await shared.tell({ type: "noted", detail: { eventId: "large", correlationId: "large", text } });
    await shared.up.settle();
    const row = (await scan(shared, "event-store")).find(({ event_id }) => event_id === "large");
    expect(row).to.include({ status: "observed", correlation_id: "large" }).and.not.have.property("detail");
    const { Contents = [] } = await shared.clients.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    const { key } = (row?.["detail_claim"] ?? {}) as { key?: string };
    expect(Contents.map(({ Key }) => Key)).to.deep.equal([key ?? "no claim"]);
    expect((await events("show", "large"))["detail"]).to.deep.equal({ eventId: "large", correlationId: "large", text });
    expect(await events("replay", "--correlation", "large")).to.deep.include({ sent: 1, refused: [] });
    await shared.up.settle();
    expect(await scan(shared, "dead-letters")).to.deep.equal([]);
    const again = (await scan(shared, "event-store")).filter(({ event_type }) => event_type === "noted");
    expect(again.map(({ event_id }) => event_id)).to.deep.equal(["large"]);
  });
});
