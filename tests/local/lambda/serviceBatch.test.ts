import { expect } from "chai";
import type { ReceivedMessage } from "../../../local/lambda/eventSource";
import { failedMessages } from "../../../local/lambda/mapping/batchAnswer";
import { compileFilters } from "../../../local/lambda/mapping/filter";
import { payloads } from "../../../local/lambda/mapping/payloads";
import { contentOf, toRecord } from "../../../local/lambda/mapping/record";

const record = (body: string, more: Partial<ReceivedMessage> = {}) =>
  toRecord(
    { messageId: body, receiptHandle: body, body, md5OfBody: "", attributes: {}, ...more },
    "arn:aws:sqs:us-east-1:123456789012:work",
  );

describe("a batch", () => {
  it("has failed where its answer says so, and as a whole where the answer cannot be understood", () => {
    const failed = (answer: unknown) => [
      ...failedMessages(Buffer.from(typeof answer === "string" ? answer : JSON.stringify(answer)), ["a", "b"]),
    ];
    const naming = (...itemIdentifiers: unknown[]) => ({
      batchItemFailures: itemIdentifiers.map((itemIdentifier) => ({ itemIdentifier })),
    });
    for (const nothing of [null, {}, { batchItemFailures: null }, { batchItemFailures: [] }]) {
      expect(failed(nothing), JSON.stringify(nothing)).to.deep.equal([]);
    }
    expect(failed(naming("b"))).to.deep.equal(["b"]);
    const odd = [
      "not json",
      '"done"',
      [1],
      naming(""),
      naming(null),
      naming("c"),
      naming("a", 3),
      { batchItemFailures: [{ id: "a" }] },
      { batchItemFailures: ["a"] },
      { batchItemFailures: "a" },
    ];
    for (const answer of odd) expect(failed(answer), JSON.stringify(answer)).to.deep.equal(["a", "b"]);
  });

  it("is cut where it would not fit into one invocation", () => {
    const parts = payloads(
      ["a", "b", "c"].map((id) => record(id.repeat(2_500_000), { messageId: id, receiptHandle: id })),
    );
    expect(parts.map(({ records }) => records.length)).to.deep.equal([2, 1]);
    for (const { records, payload } of parts) expect(JSON.parse(payload.toString()).Records).to.deep.equal(records);
    expect(payloads([])).to.deep.equal([]);
  });

  it("is filtered by any of its patterns, each for JSON or for plain text", () => {
    const filter = compileFilters(
      [
        '{"body":{"price":[{"numeric":[">",10]}]}}',
        '{"body":[{"prefix":"urgent"}]}',
        '{"messageAttributes":{"kind":{"stringValue":["news"]}}}',
      ],
      contentOf,
    );
    const passes = (body: string, more?: Partial<ReceivedMessage>) => filter?.(record(body, more));
    expect(passes('{"price":11}')).to.equal(true);
    expect(passes('{"price":9}')).to.equal(false);
    expect(passes("urgent: now")).to.equal(true);
    expect(passes("later")).to.equal(false);
    expect(passes("later", { messageAttributes: { kind: { dataType: "String", stringValue: "news" } } })).to.equal(
      true,
    );
    expect(compileFilters([], contentOf)).to.equal(undefined);
  });
});
