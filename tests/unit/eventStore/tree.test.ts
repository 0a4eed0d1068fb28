import { expect } from "chai";
import fc from "fast-check";
import { treeLines } from "../../../commands/events/print";
import type { StoredEvent } from "../../../functions/processing/eventStore/storedEvent";
import { type Branch, grow } from "../../../functions/processing/eventStore/tree";

const stored = (event_id: string, causation_id?: string, at = 0): StoredEvent => ({
  event_id,
  event_type: "told",
  source: "tests",
  correlation_id: "story",
  ...(causation_id !== undefined && { causation_id }),
  occurred_at: new Date(at).toISOString(),
  status: "published",
  detail: "{}",
});

const idsOf = ({ event, children }: Branch): string[] => [event.event_id, ...children.flatMap(idsOf)];

/** `a(b,c(d))` */
const shape = ({ event, children }: Branch): string =>
  event.event_id + (children.length > 0 ? `(${children.map(shape).join(",")})` : "");

describe("a tree of events", () => {
  it("has effects below their cause, in order of time, however they come", () => {
    const events = [stored("d", "c", 9), stored("c", "a", 5), stored("b", "a", 3), stored("a", undefined, 4)];
    expect(grow(events).map(shape)).to.deep.equal(["a(b,c(d))"]);
  });

  it("keeps at the top what has no cause, or one that is not known", () => {
    expect(grow([stored("late", "forgotten", 2), stored("first", undefined, 1)]).map(shape)).to.deep.equal([
      "first",
      "late",
    ]);
  });

  it("is drawn below a cause that is no event, such as a run of a schedule", () => {
    const lines = treeLines(
      grow([stored("effect", "planner#07"), stored("more", "effect", 1), stored("alone")]),
      "more",
    );
    expect(lines).to.deep.equal([
      "told  1970-01-01T00:00:00.000Z  alone",
      "planner#07 (no event: a request, or a run)",
      "└─ told  1970-01-01T00:00:00.000Z  effect",
      "   └─ told  1970-01-01T00:00:00.001Z  more  <--",
    ]);
    const circle = treeLines(grow([stored("x", "y"), stored("y", "x", 1)]), "");
    expect(circle).to.have.length(2);
  });

  it("opens a circle at its oldest event", () => {
    const circle = [stored("x", "z", 3), stored("y", "x", 1), stored("z", "y", 2), stored("self", "self", 4)];
    expect(grow(circle).map(shape)).to.deep.equal(["y(z(x))", "self"]);
  });

  it("has every event exactly once, whatever their causes say", () => {
    const id = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(id, fc.option(id), id), { selector: ([own]) => own }), (given) => {
        const events = given.map(([own, cause, at]) => stored(`e${own}`, cause === null ? undefined : `e${cause}`, at));
        const found = grow(events).flatMap(idsOf);
        expect(found.sort()).to.deep.equal(events.map(({ event_id }) => event_id).sort());
      }),
    );
  });

  it("is drawn with the event that was asked about pointed at", () => {
    const change = { ...stored("change", "a", 2), entity: "ASSET#A", changes: [{ field: "status" }] };
    const lines = treeLines(grow([stored("a"), stored("b", "a", 1), stored("c", "b", 1), change]), "b");
    expect(lines.map((line) => line.replace(/\S*Z {2}/, ""))).to.deep.equal([
      "told  a",
      "├─ told  b  <--",
      "│  └─ told  c",
      "└─ told (status)  ASSET#A  change",
    ]);
  });
});
