import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import type {
  GetRecordsCommandOutput,
  GetShardIteratorCommandOutput,
  ListShardsCommandOutput,
} from "@aws-sdk/client-kinesis";
import { expect } from "chai";
import { runAws } from "../awsCommand";
import { hour, prefix } from "../sharedCloud";
import { streamWorld } from "../streamWorld";
import { type AlarmWorld, many } from "./world";

const label = "experiment-stream";
const lostPage = readFileSync(resolve(__dirname, "../../../../docs/runbooks/stream-lost.md"), "utf8");
const archive = `arn:aws:s3:::${prefix}event-archive-123456789012/*`;

/** What goes wrong with a stream, and with the function that reads it. */
export const alarmsOfStream = (world: AlarmWorld): void => {
  const { shared, pass, expectRaised, expectOver, expectNamed, expectAll, without, fire } = world;

  const eventOf = (id: string) => ({
    eventId: id,
    timestamp: shared().up.cloud.clock.now() - 1_000,
    experimentId: "checkout",
    userId: id,
    variant: "A",
    eventType: "exposure",
  });
  const put = async (...ids: string[]) => {
    const stream = streamWorld(shared());
    await stream.put(ids.map(eventOf));
    stream.close();
  };
  const batches = async (...args: string[]): Promise<string> => {
    const command = ["-r", "./local/engine/typescript.cjs", "commands/dlq.ts", ...args, "--batches"];
    const options = { cwd: resolve(__dirname, "../../../..") };
    const { execPath } = process;
    return (await promisify(execFile)(execPath, [...command, "--endpoint", shared().up.url], options)).stdout;
  };

  /** As the page says, in its order: each command has what the one before answered. */
  const putAgain = async (moment: string): Promise<void> => {
    const [list = "", position = "", read = "", write = ""] = [...lostPage.matchAll(/`(aws kinesis [^`]+)`/g)].map(
      ([, command = ""]) => command.replace("signal9-<stack>-", prefix).replace("<moment>", moment),
    );
    const { Shards = [] } = (await runAws(shared(), list)) as ListShardsCommandOutput;
    expect(Shards).to.have.length.greaterThan(0);
    for (const { ShardId = "" } of Shards) {
      const at = (await runAws(shared(), position.replace("<shard>", ShardId))) as GetShardIteratorCommandOutput;
      const { Records = [] } = (await runAws(
        shared(),
        read.replace("<iterator>", at.ShardIterator ?? ""),
      )) as GetRecordsCommandOutput;
      const again = { Records: Records.map(({ Data, PartitionKey }) => ({ Data, PartitionKey })) };
      if (Records.length > 0) expect(await runAws(shared(), write, again)).to.include({ FailedRecordCount: 0 });
    }
  };

  it("a producer who says everything twice", async () => {
    const ids = many.map((at) => `said-${at}`);
    await put(...ids);
    expectAll("OK", { duplicates: `${label}-duplicates` });
    await put(...ids);
    await expectRaised({ duplicates: `${label}-duplicates` });
    await pass(10);
    await put(...many.map((at) => `said-once-${at}`));
    await pass(2);
    expectAll("OK", { duplicates: `${label}-duplicates` });
  });

  it("a stage that fails until its batch is given up, late, and lies aside", async () => {
    const ofStage = { "stream-stage": `${label}-archive`, "iterator-age": `${label}-iterator-age` };
    await without({ [label]: { Action: "s3:PutObject", Resource: archive } }, async () => {
      await put("unarchived");
      await expectRaised(ofStage);
      for (const kind of ["stream-stage", "iterator-age"] as const) {
        await expectNamed(kind, ofStage[kind], "denied", "s3:PutObject");
      }
      await fire("dead-letter-watch");
      await expectRaised({ "put-aside": "stream-put-aside" });
      await expectNamed("put-aside", "stream-put-aside", "denied", "s3:PutObject");
    });
    expect(await batches("redrive")).to.include("1 redriven");
    await shared().up.settle();
    await put("archived");
    await pass(5);
    await fire("dead-letter-watch");
    await expectOver({ ...ofStage, "put-aside": "stream-put-aside" });
  });

  it("a batch that is given up and may not be put aside", async () => {
    const lost = { "stream-lost": `${label}-lost` };
    await shared().consume(label, false);
    const lostAt = new Date(shared().up.cloud.clock.now() - 60_000).toISOString();
    await put("too late");
    await pass((13 * hour) / 60_000);
    await without({ [label]: "s3:PutObject" }, async () => {
      await shared().consume(label, true);
      await shared().up.settle();
      await expectRaised(lost);
    });
    await put("in time");
    await expectOver(lost);
    expect(await batches("list")).to.include("0 batches put aside");
    const stream = streamWorld(shared());
    const archived = async () => (await stream.archived()).map((line) => line["event_id"]);
    expect(await archived())
      .to.include("in time")
      .and.not.include("too late");
    await putAgain(lostAt);
    await shared().up.settle();
    expect(await archived()).to.include.members(["too late", "in time"]);
    stream.close();
  });
};
