import { setTimeout as pause } from "node:timers/promises";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { runRestore } from "../../../commands/restore/run";
import { prefix, type Shared, sharedCloud } from "./sharedCloud";

describe("the drill of bringing back what was lost", function () {
  this.timeout(60_000);
  let shared: Shared;
  const Bucket = `${prefix}analysis-results-123456789012`;
  const put = (Key: string, Body: string) => shared.clients.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
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
    const { at } = await read("drill/gone.json");
    // Versions are told apart by whole seconds.
    await shared.up.turn(5_000);
    await pause(1_100);
    await put("drill/a b.json", "second");
    await put("drill/new.json", "later");
    await shared.clients.s3.send(new DeleteObjectCommand({ Bucket, Key: "drill/gone.json" }));
    const moment = ["--at", new Date(at).toISOString(), "--prefix", "drill/"];
    expect(await restore("bucket", "analysis-results", ...moment, "--dry-run")).to.match(/\n2 would be brought back$/);
    expect((await read("drill/a b.json")).text).to.equal("second");
    const restored = JSON.parse(await restore("bucket", "analysis-results", ...moment, "--json")) as { key: string }[];
    expect(restored.map(({ key }) => key).sort()).to.deep.equal(["drill/a b.json", "drill/gone.json"]);
    expect((await read("drill/a b.json")).text).to.equal("first");
    expect((await read("drill/gone.json")).text).to.equal("kept");
    expect((await read("drill/new.json")).text).to.equal("later");
  });

  it("says what it does not understand, and that the embedded cloud restores no tables", async () => {
    for (const [args, why] of [
      [["bucket"], "Usage: npm run restore"],
      [["bucket", "analysis-results", "--at", "then"], "--at must be a moment"],
      [["table", "earnings", "--at", "2026-10-29T12:30:00Z", "--dry-run"], "a table takes --at alone"],
      [["table", "earnings", "--at", "2026-10-29T12:30:00Z"], "RestoreTableToPointInTime"],
    ] as const) {
      const error = await restore(...args).catch((refused: Error) => refused);
      expect(error).to.be.instanceOf(Error).with.property("message").that.includes(why);
    }
    expect(await restore("--help")).to.include("Usage: npm run restore");
  });
});
