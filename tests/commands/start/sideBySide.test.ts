import { expect } from "chai";
import { sideBySide } from "../../../commands/start/sideBySide";
import { Activity } from "../../../local/cloud/activity";
import { Clock } from "../../../local/cloud/clock";
import type { EmbeddedCloud } from "../../../local/embedded";

/** As much of a cloud as waits need. */
const cloudOf = () => {
  const [activity, clock] = [new Activity(), new Clock()];
  const up = {
    cloud: { activity, clock },
    idle: () => activity.idle(),
    settle: () => activity.settle(clock),
    turn: async (ms: number) => {
      await activity.idle();
      await clock.turnTo(clock.now() + ms, () => activity.idle());
    },
  } as unknown as EmbeddedCloud;
  return { up, activity, clock };
};

const hour = 3_600_000;

describe("demonstrations side by side", () => {
  it("have their answers in their order", async () => {
    const { up } = cloudOf();
    const answers = await sideBySide(
      up,
      async ({ settle }) => {
        await settle();
        return 1;
      },
      async () => "two",
    );
    expect(answers).to.deep.equal([1, "two"]);
  });

  it("turn the clock only while all of them wait, or are done", async () => {
    const { up, activity, clock } = cloudOf();
    const startedAt = clock.now();
    let uploadedAt = 0;
    let upload: () => void = () => undefined;
    const uploaded = new Promise<void>((done) => {
      upload = done;
    });
    const both = sideBySide(
      up,
      ({ turn }) => turn(hour),
      async ({ settle }) => {
        await uploaded;
        uploadedAt = clock.now();
        await settle();
        expect(clock.now() - startedAt, "turned meanwhile").to.be.at.least(hour);
      },
    );
    expect(activity.report()).to.deep.equal({ "a demonstration": 1 });
    upload();
    await both;
    expect(uploadedAt - startedAt).to.be.below(hour);
    expect(activity.report()).to.deep.equal({});
    clock.stop();
  });

  it("do not hold the others where one of them fails", async () => {
    const { up, activity } = cloudOf();
    const failing = sideBySide(
      up,
      ({ settle }) => settle(),
      async () => {
        throw new Error("no such table");
      },
    );
    expect(await failing.catch((error: Error) => error.message)).to.equal("no such table");
    await activity.idle();
    expect(activity.report()).to.deep.equal({});
  });
});
