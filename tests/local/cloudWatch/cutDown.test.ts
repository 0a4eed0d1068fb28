import { expect } from "chai";
import { addValue, emptyBucket } from "../../../local/cloudWatch/bucket";
import { LogStore } from "../../../local/cloudWatch/logs";
import type { LogChange } from "../../../local/cloudWatch/logs/change";
import { keptMinutes, type MetricPoint, newestPoints, pointsOf } from "../../../local/cloudWatch/metricPoint";
import { ValueCounts } from "../../../local/cloudWatch/valueCounts";

const noon = Date.UTC(2026, 0, 20, 12);
const now = () => noon;
/** As a file would give it back. */
const plain = <T>(given: Iterable<T>): T[] => JSON.parse(JSON.stringify([...given])) as T[];

describe("the story of logs", () => {
  const setUp = () => {
    const told: LogChange[] = [];
    const store = new LogStore({ now, changed: (change) => told.push(change) });
    for (const group of ["/a", "/b"]) {
      store.createGroup(group, 7);
      for (const stream of ["one", "two"]) store.createStream(group, stream);
    }
    for (let at = 0; at < 40; at++) {
      const timestamp = noon - (at % 7) * 1_000;
      store.append(at % 3 === 0 ? "/a" : "/b", at % 2 === 0 ? "one" : "two", [{ timestamp, message: `line ${at}` }]);
    }
    return { store, told };
  };
  const read = (store: LogStore) =>
    store.groups().map(({ name }) => [name, store.streams(name), store.filter({ group: name }).events]);

  it("leads to the same as what happened, told in order or in short", () => {
    const { store, told } = setUp();
    for (const story of [told, [...store.story(1_000_000)]]) {
      const again = new LogStore({ now, story: plain(story) });
      expect(read(again)).to.deep.equal(read(store));
      expect(again.groups()).to.deep.equal(store.groups());
    }
    expect([...store.story(1_000_000)].length).to.be.lessThan(told.length / 3);
  });

  it("has room for the newest only", () => {
    const { store } = setUp();
    const again = new LogStore({ now, story: plain(store.story(10 * 70)) });
    const messages = ["/a", "/b"].flatMap((group) => again.filter({ group }).events.map(({ message }) => message));
    const newest = Array.from({ length: 10 }, (_, at) => `line ${30 + at}`);
    expect(messages).to.have.members(newest);
    const empty = new LogStore({ now, story: plain(store.story(10)) });
    expect(empty.filter({ group: "/a" }).events).to.deep.equal([]);
  });

  it("knows of groups and streams that were deleted", () => {
    const { store, told } = setUp();
    store.deleteGroup("/a");
    store.deleteStream("/b", "one");
    const again = new LogStore({ now, story: plain(told) });
    expect(read(again)).to.deep.equal(read(store));
  });
});

describe("kept minutes of metrics", () => {
  const id = { namespace: "Shop", name: "Latency", dimensions: { service: "cart" } };
  const point = (minute: number, values: readonly number[], unit = "Seconds"): MetricPoint => {
    const bucket = emptyBucket();
    for (const value of values) addValue(bucket, value, 1);
    return { id, unit, minute, bucket };
  };
  const many = Array.from({ length: 2_000 }, (_, at) => 1.01 ** at);

  it("are the same as plain data, however crowded", () => {
    const points = [point(1, [4]), point(2, [1, 2, 2]), point(2, many, "Count")];
    const kept = plain(keptMinutes(points));
    expect(kept.map(({ unit, minutes }) => [unit, minutes.length])).to.deep.equal([
      ["Seconds", 2],
      ["Count", 1],
    ]);
    const again = [...pointsOf(kept)];
    expect(again.map(({ bucket: { values: _, ...rest }, ...about }) => ({ ...about, ...rest }))).to.deep.equal(
      points.map(({ bucket: { values: _, ...rest }, ...about }) => ({ ...about, ...rest })),
    );
    for (const share of [0.1, 0.5, 0.99]) {
      const quantiles = (given: MetricPoint[]) => given.map(({ bucket }) => bucket.values?.quantile(share));
      expect(quantiles(again)).to.deep.equal(quantiles(points));
    }
    const crowded = ValueCounts.from(again[2]?.bucket.values?.plain() ?? { counts: [] });
    crowded.add(3.000_01, 1);
    expect(crowded.different).to.be.at.most(512);
  });

  it("are the newest whole minutes where there is not room for all", () => {
    const points = [5, 3, 4, 5, 1, 2].map((minute) => point(minute, [1]));
    const minutes = (bytes: number) => newestPoints(points, bytes).map(({ minute }) => minute);
    expect(minutes(1_000)).to.deep.equal([5, 3, 4, 5, 1, 2]);
    expect(minutes(180)).to.deep.equal([5, 4, 5]);
    expect(minutes(100)).to.deep.equal([]);
  });
});
