import { GetCommand, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { contentHash } from "../../functions/processing/assets/compare";
import { activeAmong, readKnownAssets } from "../../functions/processing/assets/known";
import { type AssetList, syncAssets } from "../../functions/processing/assets/sync";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { Failure } from "../../functions/processing/failure";
import type { ListedAsset } from "../../functions/processing/providers/rows";
import { asset } from "../unit/assets/asset";
import { testRun } from "./run";
import { emptyTables } from "./tables";
import { world } from "./world";

const day = (count: number) => Date.parse("2026-10-26T04:00:00Z") + count * 86_400_000;

const list = (receivedAt: number, ...assets: ListedAsset[]): AssetList => ({ assets, refused: [], receivedAt });
const sync = (asked: AssetList) => syncAssets(asked, testRun(asked.receivedAt));
const many = (count: number) => Array.from({ length: count }, (_, at) => asset(`S${String(at).padStart(3, "0")}`));

const read = async (symbol: string) =>
  (
    await dynamodb().send(
      new GetCommand({ TableName: "assets", Key: { asset_id: `ASSET#${symbol}` }, ConsistentRead: true }),
    )
  ).Item;

const rows = async () => (await dynamodb().send(new ScanCommand({ TableName: "assets" }))).Items ?? [];

const none = { seen: 0, added: 0, changed: 0, delisted: 0, unchanged: 0, refused: [] };

describe("the sync of assets", () => {
  before(world);
  const clean = () => emptyTables("assets", "processing-state");
  beforeEach(clean);
  after(clean);

  it("stores what is new, with all that the provider says of it", async () => {
    const aapl = asset("AAPL", { attributes: ["options_enabled", "fractional_eh_enabled"] });
    expect(await sync(list(day(0), aapl))).to.deep.equal({ ...none, seen: 1, added: 1 });
    expect(await read("AAPL")).to.deep.equal({
      asset_id: "ASSET#AAPL",
      symbol: "AAPL",
      name: "AAPL Inc.",
      exchange: "NASDAQ",
      provider_id: "id-AAPL",
      tradable: true,
      marginable: true,
      shortable: true,
      easy_to_borrow: true,
      fractionable: true,
      attributes: ["fractional_eh_enabled", "options_enabled"],
      status: "active",
      content_hash: contentHash(aapl),
      first_seen: "2026-10-26T04:00:00.000Z",
      updated_at: "2026-10-26T04:00:00.000Z",
      source_time: day(0),
    });
  });

  it("writes nothing for the same list, in whatever order its attributes come", async () => {
    await sync(list(day(0), asset("AAPL", { attributes: ["a", "b"] }), asset("MSFT")));
    const before = await rows();
    const again = await sync(list(day(1), asset("MSFT"), asset("AAPL", { attributes: ["b", "a"] })));
    expect(again).to.deep.equal({ ...none, seen: 2, unchanged: 2 });
    expect(await rows()).to.have.deep.members(before);
  });

  it("writes what changed, and leaves the fields of others in the row", async () => {
    await sync(list(day(0), asset("AAPL"), asset("MSFT")));
    const row = await read("AAPL");
    await dynamodb().send(new PutCommand({ TableName: "assets", Item: { ...row, note: "theirs" } }));
    const changed = asset("AAPL", { name: "Apple Inc.", tradable: false });
    expect(await sync(list(day(1), changed, asset("MSFT")))).to.deep.equal({
      ...none,
      seen: 2,
      changed: 1,
      unchanged: 1,
    });
    expect(await read("AAPL")).to.deep.include({
      name: "Apple Inc.",
      tradable: false,
      note: "theirs",
      first_seen: "2026-10-26T04:00:00.000Z",
      updated_at: "2026-10-27T04:00:00.000Z",
    });
  });

  it("marks what is listed no more, and takes it back when it is listed again", async () => {
    await sync(list(day(0), asset("AAPL"), asset("GONE")));
    expect(await sync(list(day(1), asset("AAPL")))).to.deep.equal({ ...none, seen: 1, unchanged: 1, delisted: 1 });
    expect(await read("GONE")).to.deep.include({ status: "delisted", delisted_at: "2026-10-27T04:00:00.000Z" });
    expect(await sync(list(day(2), asset("AAPL")))).to.deep.include({ unchanged: 1, delisted: 0 });
    expect(await sync(list(day(3), asset("AAPL"), asset("GONE")))).to.deep.include({ changed: 1, unchanged: 1 });
    const back = await read("GONE");
    expect(back).to.deep.include({ status: "active", first_seen: "2026-10-26T04:00:00.000Z" });
    expect(back).not.to.have.property("delisted_at");
  });

  it("delists nothing where a list lacks more than is plausible, and takes over the rest", async () => {
    const known = many(40);
    await sync(list(day(0), ...known));
    const cut = await sync(list(day(1), ...known.slice(0, 31), asset("NEW")));
    expect(cut).to.deep.equal({
      ...none,
      seen: 32,
      added: 1,
      unchanged: 31,
      refused: [{ at: "the list", reason: "lacks 9 of 40 known assets, which is implausible: none was delisted" }],
    });
    expect(await sync(list(day(2), ...known.slice(0, 33), asset("NEW")))).to.deep.include({ delisted: 7, refused: [] });
  });

  it("takes an empty list for no list", async () => {
    await sync(list(day(0), asset("AAPL")));
    expect(await sync(list(day(1)))).to.deep.include({ delisted: 0 });
    expect(await read("AAPL")).to.deep.include({ status: "active" });
  });

  it("never lets an older list overwrite a younger one, neither as a whole nor row by row", async () => {
    await sync(list(day(2), asset("AAPL", { name: "young" })));
    const before = await rows();
    expect(await sync(list(day(1), asset("AAPL", { name: "old" }), asset("LATE")))).to.deep.equal({
      ...none,
      seen: 2,
      refused: [{ at: "the list", reason: "is older than that of 2026-10-28T04:00:00.000Z" }],
    });
    await emptyTables("processing-state");
    expect(await sync(list(day(1), asset("AAPL", { name: "old" })))).to.deep.equal({
      ...none,
      seen: 1,
      refused: [{ at: "AAPL", reason: "is older than what is known" }],
    });
    expect(await sync(list(day(1), asset("OTHER")))).to.deep.include({ added: 1, delisted: 0 });
    expect((await rows()).filter(({ symbol }) => symbol !== "OTHER")).to.have.deep.members(before);
  });

  it("is decided by the younger list where that is taken over meanwhile", async () => {
    await sync(list(day(0), asset("AAPL"), asset("GONE")));
    const run = testRun(day(1));
    let younger: Promise<unknown> | undefined;
    const slow = {
      ...run,
      call: async (...[operation, ...rest]: Parameters<typeof run.call>) => {
        if (operation === "UpdateItem") {
          const still = asset("GONE", { name: "still here" });
          younger ??= sync(list(day(2), asset("AAPL", { name: "young" }), still));
          await younger;
        }
        return run.call(operation, ...rest);
      },
    } as typeof run;
    const late = await syncAssets(list(day(1), asset("AAPL", { name: "old" })), slow);
    expect(late).to.deep.include({ changed: 0, delisted: 0 });
    expect(late.refused).to.have.deep.members([
      { at: "AAPL", reason: "is older than what is known" },
      { at: "GONE", reason: "is older than what is known" },
    ]);
    expect(await read("AAPL")).to.deep.include({ name: "young", source_time: day(2) });
    expect(await read("GONE")).to.deep.include({ name: "still here", status: "active" });
  });

  it("refuses a symbol that is none, and one that is listed twice, and keeps what could not be read", async () => {
    await sync(list(day(0), asset("AAPL"), asset("MSFT")));
    const odd: AssetList = {
      assets: [asset("AAPL"), asset("AAPL", { name: "another" }), asset("no symbol")],
      refused: [{ at: "row 3 (MSFT)", reason: "tradable must be true or false" }],
      receivedAt: day(1),
    };
    expect(await sync(odd)).to.deep.equal({
      ...none,
      seen: 4,
      unchanged: 1,
      refused: [
        { at: "row 3 (MSFT)", reason: "tradable must be true or false" },
        { at: "AAPL", reason: "is listed a second time" },
        { at: "no symbol", reason: "is no symbol of 1 to 16 of A-Z 0-9 . -" },
      ],
    });
    expect(await read("MSFT")).to.deep.include({ status: "active" });
  });

  it("fails where a write fails, after the others, and goes on from there the next time", async () => {
    const [good, bad] = [asset("GOOD"), asset("HUGE", { name: "x".repeat(500_000) })];
    const failure = await sync(list(day(0), bad, good)).catch((error) => error);
    expect(failure).to.be.instanceOf(Failure);
    expect(failure.message).to.match(/^1 of 2 writes of assets failed, HUGE: /);
    expect(await read("GOOD")).to.deep.include({ status: "active" });
    expect(await sync(list(day(1), good, asset("HUGE")))).to.deep.include({ added: 1, unchanged: 1 });
  });

  it("begins no write that it has no time for", async () => {
    const late = testRun(day(0), { remainingMs: 1_000 });
    const failure = await syncAssets(list(day(0), asset("AAPL")), late).catch((error) => error);
    expect(failure).to.include({ category: "unavailable" });
    expect(await rows()).to.deep.equal([]);
  });

  it("reads the whole table however many pages it has, and finds among symbols those that are active", async () => {
    const wide = many(30).map((one) => ({ ...one, name: "x".repeat(60_000) }));
    await sync(list(day(0), ...wide));
    await sync(list(day(1), ...wide.slice(1)));
    const known = await readKnownAssets(testRun(day(1)));
    expect(known.size).to.equal(30);
    expect(known.get("S001")).to.deep.include({ status: "active", firstSeen: "2026-10-26T04:00:00.000Z" });
    const asked = [...many(150).map(({ symbol }) => symbol), "S001", "FOREX:USD"];
    const active = await activeAmong(asked, testRun(day(1)));
    expect([...active].sort()).to.deep.equal(
      many(30)
        .map(({ symbol }) => symbol)
        .slice(1),
    );
  });
});
