import { gzipSync } from "node:zlib";
import { expect } from "chai";
import * as fc from "fast-check";
import { largestInflatedBytes } from "../../../functions/processing/stream/read/inflate";
import { disaggregate, isAggregated } from "../../../functions/processing/stream/read/kpl";
import { bytesOf, mostItems, parse } from "../../../functions/processing/stream/read/parse";
import { aggregated } from "./aggregated";

const bytes = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));

/** Each part of a record: its value, or what is wrong with it. */
const read = (data: Uint8Array) =>
  parse(data).map((part) => ("failure" in part ? { refused: part.failure.message } : part.value));

describe("a record of the stream", () => {
  it("holds an event as JSON", () => {
    expect(read(bytes({ eventId: "1", nested: { deep: [1, null] } }))).to.deep.equal([
      { eventId: "1", nested: { deep: [1, null] } },
    ]);
  });

  it("holds a list of events, each for itself", () => {
    expect(read(bytes([{ eventId: "1" }, 2, { eventId: "3" }]))).to.deep.equal([{ eventId: "1" }, 2, { eventId: "3" }]);
  });

  it("may be gzipped", () => {
    expect(read(gzipSync(bytes({ eventId: "1" })))).to.deep.equal([{ eventId: "1" }]);
  });

  it("keeps every character of UTF-8, with or without a byte order mark", () => {
    expect(read(bytes({ name: "Zoë 株 🚀 \u0000" }))).to.deep.equal([{ name: "Zoë 株 🚀 \u0000" }]);
    expect(read(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes({ a: 1 })]))).to.deep.equal([{ a: 1 }]);
  });

  it("is refused where it is not UTF-8, since what it means would be guessed", () => {
    for (const wrong of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc3, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0x22, 0xc0, 0xaf, 0x22],
    ])
      expect(read(Buffer.from(wrong))).to.deep.equal([{ refused: "record must be UTF-8" }]);
  });

  it("is refused where it is not JSON, and its bytes are kept", () => {
    for (const wrong of ["", "{", '{"a":1}{"a":2}', "undefined", "NaN"]) {
      const [part] = parse(bytes(wrong));
      expect(read(bytes(wrong))).to.deep.equal([{ refused: "record must be JSON" }]);
      expect(Buffer.from(part ? bytesOf(part) : []).toString("utf8")).to.equal(wrong);
    }
  });

  it("is refused where it would grow beyond all measure, without growing", () => {
    const bomb = gzipSync(Buffer.alloc(largestInflatedBytes + 1, 0x20));
    expect(bomb.length).to.be.lessThan(100_000);
    expect(read(bomb)).to.deep.equal([
      { refused: `record must have at most ${largestInflatedBytes} bytes once it is unpacked` },
    ]);
  });

  it("is refused as a whole where it holds more items than a record has room for as events", () => {
    const zeros = (count: number) => gzipSync(`[${"0,".repeat(count - 1)}0]`);
    expect(read(zeros(mostItems + 1))).to.deep.equal([
      { refused: `record must be a list of at most ${mostItems} events` },
    ]);
    expect(parse(zeros(mostItems))).to.have.length(mostItems);
  });

  it("is refused where its gzip is cut off", () => {
    expect(read(gzipSync(bytes({ a: 1 })).subarray(0, -4))).to.deep.equal([{ refused: "record must be whole gzip" }]);
  });

  it("is refused where it is nested without end, however deep", () => {
    for (const depth of [33, 1_000_000])
      expect(read(bytes("[".repeat(depth)))).to.deep.equal([
        { refused: "record must be nested at most 32 levels deep" },
      ]);
    expect(read(bytes({ text: "[[[[".repeat(20), quoted: '\\"[{' }))).to.deep.equal([
      { text: "[[[[".repeat(20), quoted: '\\"[{' },
    ]);
  });

  it("never throws, and is never lost, whatever its bytes are", () => {
    const anyJson = fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())).map(bytes);
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), anyJson), (data) => {
        expect(parse(data).length).to.equal(Array.isArray(safeJson(data)) ? (safeJson(data) as []).length : 1);
      }),
    );
  });

  const safeJson = (data: Uint8Array): unknown => {
    try {
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data));
    } catch {
      return undefined;
    }
  };
});

describe("an aggregated record", () => {
  it("is read as the format's implementation in Elixir writes it, by the vector in its documentation", () => {
    const published = [
      243, 137, 154, 194, 10, 13, 112, 97, 114, 116, 105, 116, 105, 111, 110, 95, 107, 101, 121, 26, 8, 8, 0, 26, 4,
      100, 97, 116, 97, 208, 54, 153, 218, 90, 34, 47, 163, 33, 8, 173, 27, 217, 85, 161, 78,
    ];
    expect(disaggregate(Buffer.from(published)).map((data) => Buffer.from(data).toString("utf8"))).to.deep.equal([
      "data",
    ]);
  });

  it("gives each of its records, one bad one beside good ones", () => {
    const data = aggregated('{"eventId":"1"}', "{", gzipSync('{"eventId":"3"}'), '[{"eventId":"4"},{"eventId":"5"}]');
    expect(read(data)).to.deep.equal([
      { eventId: "1" },
      { refused: "record must be JSON" },
      { eventId: "3" },
      { eventId: "4" },
      { eventId: "5" },
    ]);
  });

  it("is refused as a whole where its checksum is not that of its content", () => {
    const data = aggregated('{"eventId":"1"}');
    data[20] = (data[20] ?? 0) ^ 1;
    expect(read(data)).to.deep.equal([{ refused: "record must match its own MD5 checksum" }]);
  });

  it("gives back what was put into it, in order, whatever it was", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 }), (records) => {
        const data = aggregated(...records);
        expect(isAggregated(data)).to.equal(true);
        expect(disaggregate(data).map((one) => [...one])).to.deep.equal(records.map((one) => [...one]));
      }),
    );
  });

  it("is refused, and nothing worse, where its parts are cut off or overlong", () => {
    const sound = aggregated('{"eventId":"1"}', '{"eventId":"2"}');
    const message = sound.subarray(4, -16);
    for (let length = 1; length < message.length; length++) {
      const parts = read(aggregatedBytes(message.subarray(0, length)));
      for (const part of parts)
        expect(part).to.satisfy((one: { eventId?: string; refused?: string }) => one.eventId ?? one.refused);
    }
    expect(read(aggregatedBytes(Buffer.from([0x1a, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])))[0]).to.have.property(
      "refused",
    );
    expect(read(aggregatedBytes(Buffer.from([0x1b, 0x00])))[0]).to.have.property("refused");
  });

  const aggregatedBytes = (message: Uint8Array): Buffer => {
    const { createHash } = require("node:crypto") as typeof import("node:crypto");
    return Buffer.concat([Buffer.from([0xf3, 0x89, 0x9a, 0xc2]), message, createHash("md5").update(message).digest()]);
  };
});
