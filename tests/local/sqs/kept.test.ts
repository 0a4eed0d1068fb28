import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Cloud } from "../../../local/cloud/cloud";
import { Journal } from "../../../local/cloud/journal";
import { Queues } from "../../../local/sqs/queues";
import { createSqs, type Sqs } from "../../../local/sqs/service";

const arn = "arn:aws:sqs:us-east-1:123456789012:inbox";

describe("queues that are kept in a file", () => {
  let folder: string;
  let sqs: Sqs;
  let cloud: Cloud;
  const open = async (visibilityTimeoutSeconds = 30) => {
    cloud = new Cloud();
    sqs = createSqs(cloud, { journal: join(folder, "queues.jsonl") });
    await sqs.resources["aws:sqs/queue:Queue"]?.({
      type: "aws:sqs/queue:Queue",
      name: "inbox",
      inputs: { name: "inbox", visibilityTimeoutSeconds },
    });
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "signal9-queues-"));
    await open();
  });
  afterEach(async () => {
    await sqs.close();
    cloud.clock.stop();
    rmSync(folder, { recursive: true });
  });

  it("have their messages again, but not those that were deleted", async () => {
    for (const body of ["done", "waiting", "in flight"]) sqs.queues.send(arn, body, { attributes: { kind: body } });
    const [done] = await sqs.queues.receive(arn, { max: 1 });
    await sqs.queues.delete(arn, [done?.receiptHandle ?? ""]);
    await open();
    const again = await sqs.queues.receive(arn, { max: 10 });
    expect(again.map(({ body }) => body)).to.deep.equal(["waiting", "in flight"]);
    expect(again[0]?.messageAttributes["kind"]?.stringValue).to.equal("waiting");
  });

  it("remember how often a message was received, and until when it is hidden", async () => {
    sqs.queues.send(arn, "again");
    await sqs.queues.receive(arn, { max: 1 });
    await open();
    expect(await sqs.queues.receive(arn, { max: 1 })).to.deep.equal([]);
    await cloud.clock.turnTo(cloud.clock.now() + 31_000);
    const [message] = await sqs.queues.receive(arn, { max: 1 });
    expect(message?.attributes["ApproximateReceiveCount"]).to.equal("2");
  });

  it("take over what is declared now, and keep the file as short as their story", async () => {
    for (let at = 0; at < 50; at++) {
      sqs.queues.send(arn, String(at));
      const [one] = await sqs.queues.receive(arn, { max: 1 });
      await sqs.queues.delete(arn, [one?.receiptHandle ?? ""]);
    }
    await open(77);
    expect(sqs.queues.attributes(arn)["VisibilityTimeout"]).to.equal("77");
    expect(readFileSync(join(folder, "queues.jsonl"), "utf8").split("\n").length).to.be.lessThan(6);
  });

  it("do not make the file longer and longer while they run", async () => {
    const path = join(folder, "long.jsonl");
    const reopened = () => new Queues(cloud, new Journal(path), 20_000);
    const queues = reopened();
    queues.declare("inbox", {});
    queues.send(arn, "left");
    const [left] = await queues.receive(arn, { max: 1, visibilityTimeoutSeconds: 600 });
    let longest = 0;
    for (let at = 0; at < 500; at++) {
      queues.send(arn, `${at} ${"x".repeat(100)}`);
      const [one] = await queues.receive(arn, { max: 1 });
      await queues.delete(arn, [one?.receiptHandle ?? ""]);
      longest = Math.max(longest, statSync(path).size);
    }
    queues.close();
    expect(longest).to.be.within(15_000, 25_000);
    const again = reopened();
    await cloud.clock.turnTo(cloud.clock.now() + 601_000);
    expect((await again.receive(arn, { max: 10 })).map(({ messageId, body }) => [messageId, body])).to.deep.equal([
      [left?.messageId, "left"],
    ]);
    again.close();
  });
});
