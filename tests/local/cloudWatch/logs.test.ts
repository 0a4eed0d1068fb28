import { expect } from "chai";
import { LogStore } from "../../../local/cloudWatch/logs";
import { Refused } from "../../../local/cloudWatch/refused";

const day = 86_400_000;
const noon = Date.UTC(2026, 0, 20, 12);

const setUp = (eventsPerGroup?: number) => {
  const clock = { now: noon };
  const store = new LogStore({ now: () => clock.now, ...(eventsPerGroup !== undefined && { eventsPerGroup }) });
  store.createGroup("/shop", 7);
  store.createStream("/shop", "one");
  store.createStream("/shop", "two");
  const add = (stream: string, ...events: [timestamp: number, message: string][]) =>
    store.append(
      "/shop",
      stream,
      events.map(([timestamp, message]) => ({ timestamp, message })),
    );
  const read = (over = {}) => store.filter({ group: "/shop", ...over }).events.map(({ message }) => message);
  return { clock, store, add, read };
};

describe("the store of logs", () => {
  it("gives events of all streams in order of time, and of arrival where times are equal", () => {
    const { add, read } = setUp();
    add("one", [noon - 5, "b"], [noon, "d"]);
    add("two", [noon - 9, "a"], [noon - 5, "c"], [noon + 1, "e"]);
    expect(read()).to.deep.equal(["a", "b", "c", "d", "e"]);
    expect(read({ streams: ["one"] })).to.deep.equal(["b", "d"]);
  });

  it("filters by time, both ends included, and by pattern", () => {
    const { add, read } = setUp();
    add("one", [noon - 3, "ERROR 1"], [noon - 2, "ok"], [noon - 1, "ERROR 2"], [noon, "ERROR 3"]);
    expect(read({ start: noon - 2, end: noon - 1 })).to.deep.equal(["ok", "ERROR 2"]);
    expect(read({ pattern: "ERROR -2" })).to.deep.equal(["ERROR 1", "ERROR 3"]);
  });

  it("gives a page at a time, and goes on after the last event even where others came or went", () => {
    const { add, store } = setUp();
    add("one", [noon - 4, "a"], [noon - 3, "b"], [noon - 3, "c"], [noon - 2, "d"]);
    const first = store.filter({ group: "/shop", limit: 2 });
    expect(first.events.map(({ message }) => message)).to.deep.equal(["a", "b"]);
    add("two", [noon - 9, "early"], [noon - 1, "late"]);
    const rest = store.filter({ group: "/shop", limit: 3, nextToken: first.nextToken ?? "" });
    expect(rest.events.map(({ message }) => message)).to.deep.equal(["c", "d", "late"]);
    expect(rest.nextToken).to.equal(undefined);
  });

  it("forgets events when the group's retention is over", () => {
    const { add, read, clock, store } = setUp();
    add("one", [noon - 6 * day, "old"], [noon, "new"]);
    clock.now += 2 * day;
    expect(read()).to.deep.equal(["new"]);
    clock.now += 10 * day;
    expect(store.groups()).to.deep.equal([
      { name: "/shop", createdAt: noon, retentionInDays: 7, events: 0, dropped: 0 },
    ]);
    store.setRetention("/shop", undefined);
    add("one", [clock.now, "kept"]);
    clock.now += 1_000 * day;
    expect(read()).to.deep.equal(["kept"]);
  });

  it("keeps a bounded number of events, and counts those it gave up", () => {
    const { add, read, store } = setUp(3);
    for (let at = 0; at < 3_000; at++) add("one", [noon, `line ${at}`]);
    expect(read()).to.deep.equal(["line 2997", "line 2998", "line 2999"]);
    expect(store.groups()[0]).to.deep.include({ events: 3, dropped: 2_997 });
  });

  it("takes of a batch what is neither too old nor too new, and says which is not", () => {
    const { add, read } = setUp();
    const { accepted, rejected } = add(
      "one",
      [noon - 15 * day, "too old"],
      [noon - 8 * day, "expired"],
      [noon, "good"],
      [noon + 3 * 3_600_000, "too new"],
    );
    expect(accepted.map(({ message, stream, ingestedAt }) => [message, stream, ingestedAt])).to.deep.equal([
      ["good", "one", noon],
    ]);
    expect(rejected).to.deep.equal({
      tooOldLogEventEndIndex: 1,
      expiredLogEventEndIndex: 2,
      tooNewLogEventStartIndex: 3,
    });
    expect(read()).to.deep.equal(["good"]);
    expect(add("one", [noon, "fine"]).rejected).to.equal(undefined);
  });

  it("knows when each stream was last written to", () => {
    const { add, store } = setUp();
    add("one", [noon - 5, "a"], [noon - 1, "b"]);
    expect(store.streams("/shop")).to.deep.equal([
      { name: "one", createdAt: noon, firstAt: noon - 5, lastAt: noon - 1, lastIngestedAt: noon },
      { name: "two", createdAt: noon, firstAt: undefined, lastAt: undefined, lastIngestedAt: undefined },
    ]);
  });

  it("deletes a stream with its events, and a group with everything", () => {
    const { add, read, store } = setUp();
    add("one", [noon, "a"]);
    add("two", [noon, "b"]);
    store.deleteStream("/shop", "one");
    expect(read()).to.deep.equal(["b"]);
    store.deleteGroup("/shop");
    expect(store.groups()).to.deep.equal([]);
    expect(() => read()).to.throw(Refused, "log group does not exist");
  });

  const refusals: [why: string, kind: string, work: (at: ReturnType<typeof setUp>) => unknown][] = [
    ["log group already exists", "alreadyExists", ({ store }) => store.createGroup("/shop")],
    ["log stream already exists", "alreadyExists", ({ store }) => store.createStream("/shop", "one")],
    ["log stream does not exist", "notFound", ({ add }) => add("nobody", [noon, "a"])],
    ["log stream does not exist", "notFound", ({ read }) => read({ streams: ["nobody"] })],
    ["log group does not exist", "notFound", ({ store }) => store.deleteGroup("/nobody")],
    ["cannot be kept for 2 days", "invalid", ({ store }) => store.setRetention("/shop", 2)],
    ["chronological order", "invalid", ({ add }) => add("one", [noon, "a"], [noon - 1, "b"])],
    ["1 to 10000 log events", "invalid", ({ add }) => add("one")],
    ["is not empty", "invalid", ({ add }) => add("one", [noon, ""])],
    [
      "Log event too large: 1048577 bytes exceeds limit of 1048576",
      "invalid",
      ({ add }) => add("one", [noon, "x".repeat(1_048_551)]),
    ],
    [
      "Upload too large: 1048602 bytes exceeds limit of 1048576",
      "invalid",
      ({ add }) => add("one", [noon, "x".repeat(1_048_549)], [noon, "x"]),
    ],
    ["nextToken is invalid", "invalid", ({ read }) => read({ nextToken: "nonsense" })],
    ["1 to 10000 events", "invalid", ({ read }) => read({ limit: 0 })],
  ];
  for (const [why, kind, work] of refusals) {
    it(`refuses: ${why}`, () => {
      const at = setUp();
      expect(() => work(at))
        .to.throw(Refused, why)
        .with.property("kind", kind);
    });
  }
});
