import { expect } from "chai";
import { emptyTables } from "../tables";
import { world } from "../world";
import { ask } from "./requests";
import { rowsOf } from "./rows";

const route = "PUT /notification-preferences";
const all = { "file.processed": true, "transactions.deleted": true, "account.deleted": true };

describe("what people want to be told, over HTTP", () => {
  before(world);
  beforeEach(() => emptyTables("notifications", "event-store", "effects"));
  const mine = async (user = "ann") => (await ask(user, "GET /notification-preferences")).body;

  it("is everything until they say otherwise, and then as they said, for themselves alone", async () => {
    expect(await mine()).to.deep.equal({ tell: all, version: 0 });
    const put = await ask("ann", route, { body: { tell: { "account.deleted": false } } });
    expect([put.status, put.body]).to.deep.equal([200, { tell: { ...all, "account.deleted": false }, version: 1 }]);
    expect(await mine()).to.deep.equal(put.body);
    expect(await mine("bob")).to.deep.equal({ tell: all, version: 0 });
    const [entry] = await rowsOf("event-store");
    expect(entry).to.deep.include({
      event_type: "notification.preferences_updated",
      user_id: "ann",
      status: "recorded",
      changes: [{ field: "account.deleted", oldValue: true, newValue: false }],
    });
    expect(JSON.stringify(entry?.["images"])).to.include('"table":"notifications"');
  });

  it("is changed only where it is still what was read, and not at all where nothing changes", async () => {
    const put = (tell: object, headers?: Record<string, string>) =>
      ask("ann", route, { body: { tell }, ...(headers && { headers }) });
    await put({ "file.processed": false });
    expect((await put({ "file.processed": false })).body.version).to.equal(1);
    expect((await put({}, { "if-match": '"1"' })).body).to.deep.equal({ tell: all, version: 2 });
    expect((await put({ "file.processed": false }, { "if-match": '"1"' })).status).to.equal(409);
    expect((await mine()).version).to.equal(2);
    expect(await rowsOf("event-store")).to.have.length(2);
  });

  it("is refused where it names what nobody is told of, or is neither true nor false", async () => {
    for (const tell of [{ "file.uploaded": true }, { "file.processed": "no" }, undefined]) {
      const refused = await ask("ann", route, { body: { tell } });
      expect(refused.status).to.equal(400);
      expect(refused.body.errors[0].pointer).to.match(/^#\/tell/);
    }
    expect(await rowsOf("notifications")).to.deep.equal([]);
  });
});
