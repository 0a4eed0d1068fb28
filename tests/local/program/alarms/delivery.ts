import { GetQueueAttributesCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { dataTypes } from "../../../../functions/processing/fundamentals/dataTypes";
import { universe } from "../../../../local/market/universe";
import type { AlarmWorld } from "./world";

/** What does not come to where it is to be done. */
export const alarmsOfDelivery = (world: AlarmWorld): void => {
  const { pass, expectAll, expectRaised, expectOver, expectNamed, without, fire, tell, want, forget } = world;

  it("a queue that the bus may not reach, and work that nobody does", async () => {
    await world.shared().consume("ingestion", false);
    await want(["AAPL"]);
    await world.shared().up.idle();
    await world.shared().consume("dlq-processor", false);
    const { url: QueueUrl, arn } = world.shared().outputs.queues["pollination"] ?? { url: "", arn: "" };
    const policyNow = { QueueUrl, AttributeNames: ["Policy" as const] };
    const { Attributes: before } = await world.shared().clients.sqs.send(new GetQueueAttributesCommand(policyNow));
    const set = (Policy: string) =>
      world.shared().clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    const denied = {
      Effect: "Deny",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: arn,
    };
    await set(JSON.stringify({ Version: "2012-10-17", Statement: [denied] }));
    await fire("queue-watch");
    // A job is late after more than five: on a fast machine nothing but the turn makes it so.
    await pass(6);
    await want(universe.slice(1).map(({ symbol }) => symbol));
    await world.shared().up.idle();
    await fire("queue-watch");
    const ofDelivery = { rule: "pollination-rule", undelivered: "pollination-undelivered" };
    const ofWork = { delay: "ingestion-delay", "jobs-delay": "jobs-delay" };
    await expectRaised({ ...ofDelivery, ...ofWork });
    await set(before?.["Policy"] ?? "");
    await world.shared().consume("dlq-processor", true);
    await world.shared().up.idle();
    await expectRaised({ "letters-undelivered": "dead-letters-undelivered" });
    await forget();
    await world.shared().consume("ingestion", true);
    await world.shared().up.settle();
    await pass(5);
    await fire("queue-watch");
    await expectOver({ ...ofDelivery, ...ofWork, "letters-undelivered": "dead-letters-undelivered" });
  });

  it("a bus that does not answer, and an outbox that nobody sweeps", async () => {
    await pass(12);
    expectAll("ALARM", { "outbox-silent": "outbox-sweeper-silent" });
    const ofOutbox = {
      "outbox-age": "outbox-sweeper-age",
      "bus-unreachable": "publisher-health-bus",
      "pending-age": "publisher-health-age",
      "pending-overdue": "publisher-health-overdue",
    } as const;
    await without(
      { pollination: "events:*", "outbox-sweeper": "events:*", "publisher-health": "events:*" },
      async () => {
        await tell(
          "pollenationNeeded",
          universe.slice(0, 22).map(({ symbol }) => ({ assetId: symbol, dataTypes: [...dataTypes], priority: "low" })),
        );
        await world.shared().up.idle();
        await pass(16);
        await fire("outbox-sweeper", "publisher-health");
        await expectRaised(ofOutbox);
        for (const kind of ["outbox-age", "pending-age", "pending-overdue"] as const) {
          await expectNamed(kind, ofOutbox[kind], "denied", "events:PutEvents", ":event-bus/");
        }
        await expectNamed("bus-unreachable", ofOutbox["bus-unreachable"], "denied", "events:DescribeEventBus");
      },
    );
    for (const _ of [1, 2]) {
      await fire("outbox-sweeper", "publisher-health");
      await pass(5);
    }
    await fire("outbox-sweeper");
    await expectOver({ ...ofOutbox, "outbox-silent": "outbox-sweeper-silent" });
  });

  it("a schedule's run that keeps failing", async () => {
    await world.shared().consume("dlq-processor", false);
    const ofRuns = {
      "run-failures": "earnings-sync-failures",
      "run-dead-letters": "earnings-sync-dead-letters",
    } as const;
    await without({ "earnings-sync": "dynamodb:*" }, async () => {
      await fire("earnings-sync");
      await world.shared().up.settle();
      await expectRaised(ofRuns);
      await expectNamed("run-failures", ofRuns["run-failures"], "denied", "dynamodb:GetItem", ":table/");
    });
    await world.shared().consume("dlq-processor", true);
    await world.shared().up.idle();
    await expectRaised({ "letters-of-runs": "dead-letters-runs" });
    await expectOver({ ...ofRuns, "letters-of-runs": "dead-letters-runs" });
  });
};
