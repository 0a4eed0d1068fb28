import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Cloud } from "../../../local/cloud/cloud";
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
});
