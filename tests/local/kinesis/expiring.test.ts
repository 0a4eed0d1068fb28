import { expect } from "chai";
import { Clock } from "../../../local/cloud/clock";
import { Cloud } from "../../../local/cloud/cloud";
import { settingsByDefault } from "../../../local/kinesis/settings";
import { streamMetrics } from "../../../local/kinesis/streamMetrics";
import { Streams } from "../../../local/kinesis/streams";

const hour = 3_600_000;

describe("records that expire while others are read", () => {
  it("take none of those with them", () => {
    let time = Date.parse("2026-11-30T07:00:00Z");
    /** By which it goes on with each look at the clock. */
    let step = 0;
    const clock = new Clock(() => {
      time += step;
      return time;
    });
    const streams = new Streams(
      new Cloud({ clock }),
      streamMetrics(
        () => clock.now(),
        () => undefined,
      ),
    );
    const put = (...texts: string[]) =>
      streams.put(
        "s",
        texts.map((data) => ({ partitionKey: "a", data, bytes: 1 })),
      );
    streams.create("s", settingsByDefault, 1);
    put("old 1", "old 2");
    time += settingsByDefault.retentionHours * hour;
    put("1", "2", "3", "4");
    const [shard] = streams.existing("s").shards;
    if (!shard) throw new Error("there is no shard");
    const seen: string[] = [];
    step = 1;
    for (let sequence: string | undefined = shard.records[1]?.sequenceNumber; sequence !== undefined; ) {
      const { records, through } = streams.read("s", shard, { sequence }, { max: 1, maxBytes: 1_000 });
      seen.push(...records.map(({ data }) => data));
      sequence = through;
    }
    expect(seen).to.deep.equal(["1", "2", "3", "4"]);
    expect(shard.records).to.have.length(4);
    clock.stop();
  });
});
