import { DeleteRuleCommand, DisableRuleCommand, EnableRuleCommand, PutRuleCommand } from "@aws-sdk/client-eventbridge";
import { expect } from "chai";
import { declareRule, type EventBridgeWorld, ruleArn, startsAt, startWorld } from "./serviceWorld";

const hour = 3_600_000;

describe("EventBridge on the embedded cloud: schedules", () => {
  let world: EventBridgeWorld;

  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const schedule = (name: string, scheduleExpression: string) =>
    declareRule(world, name, { bus: "default", rule: { scheduleExpression } });
  const turn = (ms: number) =>
    world.cloud.clock.turnTo(world.cloud.clock.now() + ms, () => world.cloud.activity.idle());
  const times = (name: string) => world.messagesTo(name).map(({ body }) => JSON.parse(body).time);

  it("fires when the clock gets there, again and again", async () => {
    await schedule("hourly", "rate(1 hour)");
    await schedule("daily", "cron(0 5 * * ? *)");
    await world.settle();
    expect(world.messages).to.deep.equal([]);
    await turn(2 * hour);
    expect(times("hourly")).to.deep.equal(["2026-03-01T05:05:06Z", "2026-03-01T06:05:06Z"]);
    expect(times("daily")).to.deep.equal(["2026-03-01T05:00:00Z"]);
    const { id, ...event } = JSON.parse(world.messagesTo("daily")[0]?.body ?? "");
    expect(id).to.be.a("string");
    expect(event).to.deep.equal({
      version: "0",
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account: "123456789012",
      time: "2026-03-01T05:00:00Z",
      region: "us-east-1",
      resources: [ruleArn("daily")],
      detail: {},
    });
  });

  it("lists what is due when, and fires when asked", async () => {
    await schedule("daily", "cron(0 5 * * ? *)");
    expect(world.bridge.schedules()).to.deep.equal([
      { name: "daily", expression: "cron(0 5 * * ? *)", next: Date.UTC(2026, 2, 1, 5) },
    ]);
    world.bridge.fire("daily");
    await world.settle();
    expect(times("daily")).to.deep.equal(["2026-03-01T04:05:06Z"]);
    expect(() => world.bridge.fire("none")).to.throw("There is no rule none with a schedule.");
    expect(world.counted("daily")).to.deep.equal({ Invocations: 1 });
  });

  it("rests while the rule is disabled, changes with it, and ends with it", async () => {
    await schedule("job", "rate(1 hour)");
    await world.events.send(new DisableRuleCommand({ Name: "job" }));
    expect(world.bridge.schedules()).to.deep.equal([{ name: "job", expression: "rate(1 hour)", next: undefined }]);
    await turn(3 * hour);
    expect(times("job")).to.deep.equal([]);
    await world.events.send(new EnableRuleCommand({ Name: "job" }));
    expect(world.bridge.schedules()[0]?.next).to.equal(startsAt + 4 * hour);
    await world.events.send(new PutRuleCommand({ Name: "job", ScheduleExpression: "rate(1 minute)" }));
    await turn(60_000);
    expect(times("job")).to.have.length(1);
    await world.events.send(new PutRuleCommand({ Name: "brief", ScheduleExpression: "cron(0 12 1 1 ? 2030)" }));
    await world.events.send(new DeleteRuleCommand({ Name: "brief" }));
    expect(world.bridge.schedules().map(({ name }) => name)).to.deep.equal(["job"]);
  });

  it("starts disabled where it is declared so", async () => {
    const rule = { scheduleExpression: "rate(1 hour)", isEnabled: false };
    await declareRule(world, "off", { bus: "default", rule });
    await turn(2 * hour);
    expect(world.messages).to.deep.equal([]);
  });
});
