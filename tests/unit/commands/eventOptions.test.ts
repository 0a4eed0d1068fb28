import { expect } from "chai";
import { aWeekAgo, readCommand, readSelection, wholeNumber } from "../../../commands/events/options";
import { newReplayId } from "../../../commands/events/replay";
import { always } from "../../../functions/processing/eventStore/selection";
import { UserError } from "../../../local/engine/stackFile";

const now = Date.parse("2026-10-29T12:00:00Z");
const day = 86_400_000;

const given = (...args: string[]) => {
  const asked = readCommand(["list", ...args]);
  if (!asked) throw new Error("it asked for help");
  return asked.given;
};

const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error.message.split("\n")[0] ?? "";
    throw error;
  }
  throw new Error("it was accepted");
};

describe("what is asked of the event store", () => {
  it("is read from the options", () => {
    expect(
      readSelection(given("--type", "t", "--user", "u", "--from", "2026-10-28", "--to", "2026-10-29T10:30Z"), now),
    ).to.deep.equal({ type: "t", userId: "u", from: now - 1.5 * day, to: now - 1.5 * 3_600_000 });
    expect(readSelection(given("--from", "2026-10-29T02:00:00.5+02:00"), now).from).to.equal(now - day / 2 + 500);
  });

  it("reaches over all times where one partition has it, and a little ahead where none does", () => {
    for (const name of ["entity", "correlation", "user"]) {
      expect(readSelection(given(`--${name}`, "x"), now, aWeekAgo(now)), name).to.deep.include(always);
    }
    expect(readSelection(given("--type", "t"), now, aWeekAgo(now))).to.deep.equal({
      type: "t",
      from: Date.parse("2026-10-22T00:00:00Z"),
      to: now + 2 * day,
    });
  });

  it("is refused where it is not clear, with the option's name", () => {
    expect(refusal(() => readSelection(given("--type", "t"), now))).to.match(/^Say which events: --from, /);
    expect(refusal(() => readSelection(given("--from", "yesterday"), now))).to.match(
      /^--from must be a day .*yesterday$/,
    );
    expect(refusal(() => readSelection(given("--from", "2026-13-01"), now))).to.match(/^--from must be a day/);
    expect(refusal(() => readSelection(given("--from", "2026-10-29T12:00:00"), now))).to.match(/^--from must be a day/);
    expect(refusal(() => readSelection(given("--from", "2026-10-29", "--to", "2026-10-29"), now))).to.equal(
      "--from must be before --to",
    );
    expect(refusal(() => readSelection(given("--entity", ""), now))).to.equal("--entity was given an empty value");
    for (const text of ["0", "1001", "-1", "many", "1.5", ""]) {
      expect(
        refusal(() => wholeNumber("limit", text, 50, 1_000)),
        text,
      ).to.equal(`--limit must be a whole number from 1 to 1000, not ${text}`);
    }
    expect(wholeNumber("limit", undefined, 50, 1_000)).to.equal(50);
  });

  it("names a verb, its event, and nothing that means nothing to it", () => {
    expect(readCommand(["tree", "e-1", "--json"])).to.deep.include({ verb: "tree", id: "e-1" });
    expect(readCommand(["--help"])).to.equal(undefined);
    expect(refusal(() => readCommand([]))).to.equal("Say what to do: list, show, tree, replay.");
    expect(refusal(() => readCommand(["toString"]))).to.match(/^Say what to do/);
    expect(refusal(() => readCommand(["show"]))).to.equal("show needs the id of one event");
    expect(refusal(() => readCommand(["show", "a", "b"]))).to.equal("show needs the id of one event");
    expect(refusal(() => readCommand(["list", "a"]))).to.equal("list takes options only, not a");
    expect(refusal(() => readCommand(["list", "--rate", "5"]))).to.equal("--rate means nothing to list");
    expect(refusal(() => readCommand(["show", "a", "--from", "2026-10-29"]))).to.equal("--from means nothing to show");
    expect(refusal(() => readCommand(["list", "--onse"]))).to.include("'--onse'");
  });

  it("gets a replay a name of its own, which EventBridge takes too", () => {
    expect(newReplayId(now, "0a1b2c3d")).to.equal("replay-20261029T120000Z-0a1b2c3d");
    expect(newReplayId(now))
      .to.match(/^[\w.-]{1,64}$/)
      .and.not.equal(newReplayId(now));
  });
});
