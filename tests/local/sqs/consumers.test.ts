import { expect } from "chai";
import { arnOf, startWorld, type World } from "./world";

const arn = arnOf("work");

describe("consumers of a queue", () => {
  let world: World;

  beforeEach(async () => {
    world = await startWorld();
    await world.queue("work", { visibilityTimeoutSeconds: 30 });
  });
  afterEach(() => world.close());

  const settle = () => world.cloud.activity.settle(world.cloud.clock);
  const { now } = Date;

  it("are called once for what arrives together, and get it by the names of Lambda's events", async () => {
    const { queues } = world.sqs;
    let calls = 0;
    const batches: unknown[][] = [];
    queues.onVisible(arn, () => {
      calls++;
      void world.cloud.activity.during("consumer", async () => {
        const received = await queues.receive(arn, { max: 10 });
        if (received.length > 0) batches.push(received);
        await queues.delete(
          arn,
          received.map(({ receiptHandle }) => receiptHandle),
        );
      });
    });
    queues.send(arn, "a", { attributes: { kind: "x" } });
    queues.send(arn, "b");
    await settle();

    expect([calls, batches.length]).to.deep.equal([1, 1]);
    expect(batches[0]?.[0]).to.deep.include({
      body: "a",
      messageAttributes: { kind: { dataType: "String", stringValue: "x" } },
    });
    expect(batches[0]?.[0]).to.have.keys([
      "attributes",
      "body",
      "md5OfBody",
      "messageAttributes",
      "messageId",
      "receiptHandle",
    ]);
    expect(queues.attributes(arn)["ApproximateNumberOfMessages"]).to.equal("0");
    expect(world.cloud.activity.report()).to.deep.equal({});
  });

  it("see what failed again when its visibility ends, and settling waits for it", async () => {
    const { queues } = world.sqs;
    const seen: (string | undefined)[] = [];
    queues.onVisible(arn, () => {
      void world.cloud.activity.during("consumer", async () => {
        for (const { receiptHandle, attributes } of await queues.receive(arn, { max: 10 })) {
          seen.push(attributes["ApproximateReceiveCount"]);
          if (seen.length === 2) await queues.changeVisibility(arn, receiptHandle, 100);
          if (seen.length === 3) await queues.delete(arn, [receiptHandle]);
        }
      });
    });
    queues.send(arn, "flaky", { delaySeconds: 60 });
    await settle();

    expect(seen).to.deep.equal(["1", "2", "3"]);
    expect(world.cloud.clock.now() - now()).to.be.within(189_000, 191_000);
    expect(world.cloud.clock.next("work")).to.equal(undefined);
  });

  it("are told at once what already waits", async () => {
    world.sqs.queues.send(arn, "early");
    expect(world.cloud.activity.report()).to.deep.equal({});
    let told = 0;
    const end = world.sqs.queues.onVisible(arn, () => told++);
    expect(world.cloud.activity.report()).to.deep.equal({ "messages that a consumer can receive": 1 });
    await new Promise(setImmediate);
    expect(told).to.equal(1);
    end();
    expect(world.cloud.activity.report()).to.deep.equal({});
  });

  it("are what makes a hidden message work: where there are none, the cloud comes to rest", async () => {
    const { queues } = world.sqs;
    queues.send(arn, "forgotten");
    await queues.receive(arn, { max: 1 });
    const before = world.cloud.clock.offset();
    await settle();
    expect(world.cloud.clock.offset()).to.equal(before);

    const end = queues.onVisible(arn, () => undefined);
    expect(world.cloud.clock.next("work")).to.be.a("number");
    end();
    expect(world.cloud.clock.next("work")).to.equal(undefined);
  });

  it("waiting for a message keep nothing from coming to rest", async () => {
    const waiting = world.sqs.queues.receive(arn, { max: 1, waitMs: 20_000 });
    await settle();
    world.sqs.queues.close();
    expect(await waiting).to.deep.equal([]);
  });

  it("take messages in the order in which they become visible", async () => {
    const { queues } = world.sqs;
    for (const [body, delaySeconds] of [
      ["c", 30],
      ["a", 10],
      ["b", 20],
    ] as const) {
      queues.send(arn, body, { delaySeconds });
    }
    await world.later(30);
    const received = await queues.receive(arn, { max: 10 });
    expect(received.map(({ body }) => body)).to.deep.equal(["a", "b", "c"]);
  });
});
