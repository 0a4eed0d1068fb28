import { setTimeout as pause } from "node:timers/promises";
import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { DeleteCommand, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { runRestore } from "../../../commands/restore/run";
import { prefix, type Shared, sharedCloud } from "./sharedCloud";

describe("the drill of bringing back what was lost", function () {
  this.timeout(60_000);
  let shared: Shared;
  const Bucket = `${prefix}analysis-results-123456789012`;
  const put = (Key: string, Body: string) => shared.clients.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  const remove = (Key: string) => shared.clients.s3.send(new DeleteObjectCommand({ Bucket, Key }));
  const read = async (Key: string) => {
    const { Body, LastModified } = await shared.clients.s3.send(new GetObjectCommand({ Bucket, Key }));
    return { text: await Body?.transformToString(), at: LastModified?.getTime() ?? 0 };
  };
  const restore = (...args: string[]) => runRestore([...args, "--endpoint", shared.up.url]);

  before(async () => {
    shared = await sharedCloud();
    await shared.newDay();
  });
  after(() => shared.newDay());

  it("has objects as they were: overwritten, deleted, and what came later kept too", async () => {
    await put("drill/a b.json", "first");
    await put("drill/gone.json", "kept");
    await put("drill/untouched.json", "same");
    await remove("drill/not-then.json");
    const { at } = await read("drill/gone.json");
    // Versions are told apart by whole seconds.
    await shared.up.turn(5_000);
    await pause(1_100);
    await put("drill/a b.json", "second");
    await put("drill/new.json", "later");
    await put("drill/not-then.json", "later");
    await remove("drill/gone.json");
    const moment = ["--at", new Date(at).toISOString(), "--prefix", "drill/"];
    expect(await restore("bucket", "analysis-results", ...moment, "--dry-run")).to.match(/\n2 would be brought back$/);
    expect((await read("drill/a b.json")).text).to.equal("second");
    const restored = JSON.parse(await restore("bucket", "analysis-results", ...moment, "--json")) as { key: string }[];
    expect(restored.map(({ key }) => key).sort()).to.deep.equal(["drill/a b.json", "drill/gone.json"]);
    expect((await read("drill/a b.json")).text).to.equal("first");
    expect((await read("drill/gone.json")).text).to.equal("kept");
    for (const name of ["new", "not-then"]) expect((await read(`drill/${name}.json`)).text).to.equal("later");
  });

  it("has rows as they were, in a copy and then in their table, and the program goes on with them", async () => {
    const TableName = `${prefix}earnings-calendar`;
    const { dynamodb } = shared.clients;
    const row = (asset: string, status = "scheduled") => ({
      asset_id: `ASSET#${asset}`,
      earnings_date: "2026-10-29",
      status,
      version: 1,
      source_time: 0,
    });
    const rows = async () =>
      ((await dynamodb.send(new ScanCommand({ TableName }))).Items ?? []).map(({ asset_id, status }) => [
        asset_id,
        status,
      ]);
    for (const asset of ["ONE", "TWO", "THREE"]) await dynamodb.send(new PutCommand({ TableName, Item: row(asset) }));
    const backup = await restore("backup", "earnings-calendar");
    expect(backup).to.match(/^arn:aws:dynamodb:us-east-1:123456789012:table\/signal9-dev-earnings-calendar\/backup\//);
    for (const asset of ["ONE", "TWO"]) {
      const Key = { asset_id: `ASSET#${asset}`, earnings_date: "2026-10-29" };
      await dynamodb.send(new DeleteCommand({ TableName, Key }));
    }
    await dynamodb.send(new PutCommand({ TableName, Item: row("THREE", "processed") }));
    const { table: copy } = JSON.parse(await restore("table", "earnings-calendar", "--backup", backup, "--json")) as {
      table: string;
    };
    const back = ["rows", "earnings-calendar", "--from", copy];
    expect(await restore(...back)).to.equal("2 of 3 rows brought back; the others were there");
    expect(await restore(...back)).to.equal("0 of 3 rows brought back; the others were there");
    expect(await rows()).to.have.deep.members([
      ["ASSET#ONE", "scheduled"],
      ["ASSET#TWO", "scheduled"],
      ["ASSET#THREE", "processed"],
    ]);
    await shared.tell({
      type: "earningsProcessed",
      detail: { eventId: "after-the-drill", assetId: "ONE", earningsDate: "2026-10-29" },
    });
    await shared.up.settle();
    expect(await rows()).to.deep.include(["ASSET#ONE", "processed"]);
    await dynamodb.send(new DeleteTableCommand({ TableName: copy }));
  });

  it("says what it does not understand, and that the embedded cloud knows no moments of tables", async () => {
    for (const [args, why] of [
      [["bucket"], "Usage: npm run restore"],
      [["bucket", "analysis-results", "--at", "then"], "--at must be a moment"],
      [["table", "earnings", "--at", "2026-10-29T12:30:00Z", "--dry-run"], "a table takes --at alone"],
      [["table", "earnings", "--at", "2026-10-29T12:30:00Z"], "RestoreTableToPointInTime"],
      [["table", "earnings", "--backup", "arn:gone"], "BackupNotFoundException: Backup not found: arn:gone"],
      [["backup", "nothing"], "TableNotFoundException: Table not found: signal9-dev-nothing"],
      [["rows", "earnings"], "rows need --from"],
    ] as const) {
      const error = await restore(...args).catch((refused: Error) => refused);
      expect(error).to.be.instanceOf(Error).with.property("message").that.includes(why);
    }
    expect(await restore("--help")).to.include("Usage: npm run restore");
  });
});
