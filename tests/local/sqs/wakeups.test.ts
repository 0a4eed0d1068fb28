import { expect } from "chai";
import { Clock } from "../../../local/cloud/clock";
import { Wakeups } from "../../../local/sqs/wakeups";

describe("who waits for a queue's messages", () => {
  it("hears of one whose moment came also where something else happens in the queue at that moment, before its timer", async () => {
    const clock = new Clock();
    const wakeups = new Wakeups(clock, () => wakeups.wake());
    let heard = 0;
    wakeups.listen(() => heard++);
    const due = clock.now() + 1_000;
    // A message was deleted: no other is hidden any more.
    clock.at(due, "work", () => wakeups.arm(undefined));
    wakeups.arm(due);
    await clock.turnTo(due);
    await Promise.resolve();
    clock.stop();
    expect(heard).to.equal(1);
  });

  it("does not hear of a moment that has not come", async () => {
    const clock = new Clock();
    const wakeups = new Wakeups(clock, () => wakeups.wake());
    let heard = 0;
    wakeups.listen(() => heard++);
    wakeups.arm(clock.now() + 60_000);
    wakeups.arm(clock.now() + 90_000);
    await Promise.resolve();
    clock.stop();
    expect(heard).to.equal(0);
  });
});
