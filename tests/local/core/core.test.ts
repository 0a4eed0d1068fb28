import { expect } from "chai";
import { Activity } from "../../../local/cloud/activity";
import { AwsError } from "../../../local/cloud/awsError";
import { Clock } from "../../../local/cloud/clock";
import { Cloud } from "../../../local/cloud/cloud";
import { Faults, faultError } from "../../../local/cloud/faults";
import { Meter } from "../../../local/cloud/meter";
import { correlationIdIn, Trace } from "../../../local/cloud/trace";
import { understood } from "../../../local/cloud/understood";
import { externalAccount, service } from "../../../local/iam/principal";

describe("the clock", () => {
  it("shows whole milliseconds, however odd the moment it is turned to", async () => {
    const clock = new Clock(() => 1_000);
    const seen: number[] = [];
    clock.after(10.25, "work", () => seen.push(clock.now()));
    await clock.turnTo(1_020.5);
    expect([...seen, clock.now()]).to.deep.equal([1_011, 1_021]);
    clock.stop();
  });

  it("makes due what it is turned past, in order and each at its own moment", async () => {
    const clock = new Clock(() => 1_000);
    const ran: [string, number][] = [];
    const note = (name: string) => () => void ran.push([name, clock.now()]);
    clock.after(500, "calendar", note("later"));
    clock.after(100, "work", note("sooner"));
    clock.after(100, "work", note("sooner still in line"));
    clock.after(9_999, "work", note("not yet"));
    clock.after(50, "work", note("cancelled"))();
    expect(clock.next()).to.equal(1_100);
    expect(clock.next("calendar")).to.equal(1_500);
    await clock.turnTo(2_000);
    expect(ran).to.deep.equal([
      ["sooner", 1_100],
      ["sooner still in line", 1_100],
      ["later", 1_500],
    ]);
    expect([clock.now(), clock.offset()]).to.deep.equal([2_000, 1_000]);
    clock.stop();
  });

  it("runs by itself, and takes timers that timers set", (done) => {
    const clock = new Clock();
    clock.after(1, "work", () =>
      clock.after(1, "work", () => {
        clock.stop();
        done();
      }),
    );
    // The clock's own timer does not keep a process alive; this one does, until the test is done.
    const alive = setInterval(() => (clock.next() === undefined ? clearInterval(alive) : undefined), 1);
  });

  it("never turns back", async () => {
    const clock = new Clock(() => 1_000);
    await clock.turnTo(500);
    expect(clock.now()).to.equal(1_000);
  });
});

describe("knowing when all is quiet", () => {
  it("waits for what was begun, and for what that began", async () => {
    const activity = new Activity();
    let finished = false;
    void activity.during("first", async () => {
      await new Promise(setImmediate);
      const end = activity.begin("second");
      setImmediate(() => {
        finished = true;
        end();
        end();
      });
    });
    expect(activity.report()).to.deep.equal({ first: 1 });
    await activity.idle();
    expect(finished).to.equal(true);
    expect(activity.report()).to.deep.equal({});
  });

  it("waits for what a service holds ready to be taken", async () => {
    const activity = new Activity();
    let held = 2;
    activity.watch("messages", () => held);
    const take = setInterval(() => {
      if (--held === 0) clearInterval(take);
    }, 1);
    expect(activity.report()).to.deep.equal({ messages: 2 });
    await activity.idle();
    expect(held).to.equal(0);
  });

  it("lets the clock run to the work that waits, but not to what comes by itself some day", async () => {
    const activity = new Activity();
    const clock = new Clock(() => 0);
    const ran: string[] = [];
    clock.after(60_000, "work", () => {
      ran.push("retry");
      clock.after(60_000, "work", () => ran.push("second retry"));
    });
    clock.after(3_600_000, "calendar", () => ran.push("schedule"));
    await activity.settle(clock);
    expect(ran).to.deep.equal(["retry", "second retry"]);
    expect(clock.now()).to.equal(120_000);
    clock.stop();
  });
});

describe("faults", () => {
  const aim = { service: "sqs", operation: "SendMessage", caller: "role/sender" };

  it("strike what they are aimed at, as often as they are told", () => {
    const faults = new Faults();
    const { hits, remove } = faults.inject({ kind: "throttle", service: "sqs", caller: "sender", times: 2 });
    expect(faults.strike({ ...aim, service: "sns" }, "throttle")).to.equal(undefined);
    expect(faults.strike({ ...aim, caller: "role/other" }, "throttle")).to.equal(undefined);
    expect(faults.strike(aim, "serverError")).to.equal(undefined);
    expect([1, 2, 3].map(() => faults.strike(aim, "serverError", "throttle") !== undefined)).to.deep.equal([
      true,
      true,
      false,
    ]);
    expect(hits()).to.equal(2);
    faults.inject({ kind: "crash", operation: "SendMessage" });
    remove();
    expect(faults.strike(aim, "crash")?.kind).to.equal("crash");
    faults.clear();
    expect(faults.strike(aim, "crash")).to.equal(undefined);
  });

  it("strike the same calls for the same seed", () => {
    const struck = (seed: number) => {
      const faults = new Faults();
      faults.seed(seed);
      faults.inject({ kind: "throttle", probability: 0.3 });
      return Array.from({ length: 200 }, () => (faults.strike(aim, "throttle") ? 1 : 0));
    };
    expect(struck(7)).to.deep.equal(struck(7));
    expect(struck(7)).not.to.deep.equal(struck(8));
    expect(struck(7).reduce<number>((sum, hit) => sum + hit, 0)).to.be.within(35, 85);
  });

  it("answer with each service's own codes", () => {
    const codes = (service: string) => [
      faultError({ kind: "throttle" }, service).code,
      faultError({ kind: "serverError" }, service).code,
    ];
    expect(codes("dynamodb")).to.deep.equal(["ProvisionedThroughputExceededException", "InternalServerError"]);
    expect(codes("lambda")).to.deep.equal(["TooManyRequestsException", "InternalFailure"]);
    expect(codes("events")).to.deep.equal(["ThrottlingException", "InternalFailure"]);
    expect(faultError({ kind: "throttle" }, "s3")).to.include({ code: "SlowDown", status: 503 });
  });
});

describe("the meter", () => {
  it("adds up what AWS would bill, dearest first", () => {
    const meter = new Meter();
    meter.add("sqs request", 1_000_000);
    meter.add("eventbridge event", 1_000_000);
    meter.add("eventbridge event");
    const { lines, dollars } = meter.bill();
    expect(lines.map(({ what, amount }) => [what, amount])).to.deep.equal([
      ["eventbridge event", 1_000_001],
      ["sqs request", 1_000_000],
    ]);
    expect(dollars).to.be.closeTo(1.400001, 1e-9);
    meter.reset();
    expect(meter.bill().dollars).to.equal(0);
  });

  it("tells on whose account it went and by which calls, as it was when asked", () => {
    const meter = new Meter();
    const use = (caller: string, operation: string) => ({ caller, operation });
    meter.add("dynamodb read unit", 2, use("role/a-ingestion", "GetItem"));
    meter.add("dynamodb read unit", 0.5, use("role/a-ingestion", "GetItem"));
    meter.add("dynamodb read unit", 1, use("role/a-ingestion", "Query"));
    meter.add("dynamodb read unit", 9, use("role/a-planner", "Query"));
    const used = meter.usedBy("-ingestion");
    meter.add("dynamodb read unit", 1, use("role/a-ingestion", "Query"));
    expect(used).to.deep.equal([
      { what: "dynamodb read unit", operation: "GetItem", calls: 2, amount: 2.5 },
      { what: "dynamodb read unit", operation: "Query", calls: 1, amount: 1 },
    ]);
    meter.reset();
    expect(meter.usedBy("-ingestion")).to.deep.equal([]);
  });
});

describe("the trace", () => {
  const span = (at: number, correlationId?: string) => ({
    at,
    durationMs: 1,
    service: "sqs",
    operation: "SendMessage",
    resource: "*",
    caller: "c",
    outcome: "done",
    correlationId,
  });

  it("tells one flow in order, and keeps the last steps only", () => {
    const trace = new Trace();
    trace.add(span(2, "a"));
    trace.add(span(1, "a"));
    trace.add(span(3, "b"));
    expect(trace.of("a").map(({ at }) => at)).to.deep.equal([1, 2]);
    for (let at = 0; at < 30_000; at++) trace.add(span(at));
    expect(trace.of("a")).to.deep.equal([]);
    expect(trace.recent(30_000).length).to.be.within(20_000, 22_000);
    trace.reset();
    expect(trace.recent(5)).to.deep.equal([]);
  });

  it("finds the correlation id in JSON, also in JSON that is quoted in JSON", () => {
    const inner = JSON.stringify({ correlationId: "flow-1" });
    expect(correlationIdIn(inner)).to.equal("flow-1");
    expect(correlationIdIn(JSON.stringify({ Detail: inner }))).to.equal("flow-1");
    expect(correlationIdIn(JSON.stringify({ body: JSON.stringify({ Detail: inner }) }))).to.equal("flow-1");
    expect(correlationIdIn('{"Item":{"correlation_id":{"S":"flow-2"}}}')).to.equal("flow-2");
    expect(correlationIdIn("{}")).to.equal(undefined);
  });
});

describe("the cloud", () => {
  it("hands messages to the service of the target, and refuses targets of none", async () => {
    const cloud = new Cloud();
    const taken: string[] = [];
    cloud.onDelivery("sqs", async ({ body }) => void taken.push(body));
    const from = service("events.amazonaws.com");
    await cloud.deliver({ to: "arn:aws:sqs:us-east-1:123456789012:q", body: "m", from });
    const refused = await cloud
      .deliver({ to: "arn:aws:kinesis:us-east-1:123456789012:stream/s", body: "m", from })
      .catch((error: AwsError) => error.message);
    expect(taken).to.deep.equal(["m"]);
    expect(refused).to.equal("The embedded cloud cannot deliver to arn:aws:kinesis:us-east-1:123456789012:stream/s");
    cloud.clock.stop();
  });

  it("knows callers by the keys it issued, until it takes them back", () => {
    const cloud = new Cloud();
    const { accessKeyId } = cloud.issueCredentials(externalAccount("111122223333"));
    expect(cloud.principalOf(accessKeyId).account).to.equal("111122223333");
    cloud.revokeCredentials(accessKeyId);
    expect(() => cloud.principalOf(accessKeyId)).to.throw(AwsError, "is not known here");
    expect(() =>
      cloud.authorise(externalAccount("111122223333"), {
        action: "sqs:SendMessage",
        resource: "arn:aws:sqs:us-east-1:123456789012:q",
      }),
    ).to.throw(AwsError, "is not authorized");
    cloud.clock.stop();
  });

  it("names a property that nobody thought about", () => {
    expect(() => understood({ type: "aws:x/y:Y", name: "n", inputs: { a: 1, b: 2 } }, ["a"])).to.throw(
      "aws:x/y:Y n: property b is not supported by the embedded cloud",
    );
  });
});
