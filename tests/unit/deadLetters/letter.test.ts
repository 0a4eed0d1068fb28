import { expect } from "chai";
import { deliveryOf } from "../../../functions/processing/deadLetters/delivery";
import { type Letter, readLetter } from "../../../functions/processing/deadLetters/letter";
import {
  deadRecord,
  functionArn,
  invocationRecord,
  known,
  queueArn,
  refusal,
  ruleArn,
  scheduledEvent,
} from "./records";

const now = Date.parse("2026-10-29T21:00:05Z");
const read = (...made: Parameters<typeof deadRecord>): Letter => readLetter(deadRecord(...made), known, now);
const delivery = (letter: Letter) => deliveryOf(letter, letter.body, letter.attributes);

const undelivered = (rule: string) => ({
  RULE_ARN: ruleArn(rule),
  TARGET_ARN: "arn:aws:lambda:us-east-1:999999999999:function:of-somebody-else",
  ERROR_CODE: "NO_PERMISSIONS",
  ERROR_MESSAGE: "not allowed",
});

describe("a dead letter", () => {
  it("says of a message that its consumer gave up what the consumer said", () => {
    const attributes = { ...refusal, field: "detail.assetId", failedAt: "2026-10-29T20:59:00.000Z" };
    const letter = read({ body: '{"detail":{}}', attributes });
    expect(letter).to.deep.include({
      origin: "ingestion",
      originQueue: queueArn("ingestion-dlq"),
      source: queueArn("ingestion"),
      category: "validation",
      reason: "is missing",
      field: "detail.assetId",
      failedAt: "2026-10-29T20:59:00.000Z",
      sentAt: "2026-10-29T20:00:00.000Z",
      receiveCount: 4,
    });
    expect(delivery(letter)).to.deep.equal({
      kind: "message",
      queue: queueArn("ingestion"),
      body: '{"detail":{}}',
      attributes: {},
    });
  });

  it("says of a message that SQS gave up how often it was delivered, and where its reason is", () => {
    const letter = read({ messageId: "m-7", receives: 4, attributes: { priority: "high" } });
    expect(letter).to.include({
      category: "kept failing",
      reason: "given up after 3 deliveries; the logs of message m-7 say why",
      failedAt: "2026-10-29T21:00:05.000Z",
    });
    expect(delivery(letter)).to.deep.include({ attributes: { priority: { type: "String", text: "high" } } });
  });

  it("says of an event that never came to its queue what EventBridge said", () => {
    const body = '{"id":"e-1","detail-type":"earningsProcessed","detail":{"correlationId":"flow-1"}}';
    const letter = read({ queue: "mark-earnings-processed-undelivered", body, attributes: undelivered("whatever") });
    expect(letter).to.deep.include({
      origin: "mark-earnings-processed",
      category: "undelivered",
      reason: "NO_PERMISSIONS: not allowed",
      event: { eventId: "e-1", eventType: "earningsProcessed", correlationId: "flow-1" },
    });
    const queue = queueArn("mark-earnings-processed");
    expect(delivery(letter)).to.deep.equal({ kind: "message", queue, body, attributes: {} });
  });

  it("is a story of its own, that of its event, where the event names none", () => {
    for (const [detail, id] of [
      ["{}", "e-1"],
      ['{"eventId":"theirs"}', "theirs"],
      ['{"eventId":"","correlationId":""}', "e-1"],
      ['{"correlationId":7}', "e-1"],
    ]) {
      const { event } = read({ body: `{"id":"e-1","detail-type":"earningsProcessed","detail":${detail}}` });
      expect(event, detail).to.deep.equal({ eventId: id, eventType: "earningsProcessed", correlationId: id });
    }
    expect(read({ body: "no event at all" }).event).to.deep.equal({});
  });

  it("says of a run that kept failing what the function threw, and invokes it with the same payload", () => {
    const letter = read({ queue: "outbox-sweeper-dlq", body: invocationRecord() });
    expect(letter).to.include({
      origin: "outbox-sweeper",
      source: functionArn("outbox-sweeper"),
      category: "kept failing",
      reason: "Failure: the bus is gone (RetriesExhausted after 3 runs, request request-9)",
      failedAt: "2026-10-29T21:00:00.000Z",
    });
    expect(delivery(letter)).to.deep.equal({
      kind: "invocation",
      function: functionArn("outbox-sweeper"),
      payload: '{"trigger":"sweep","time":"2026-10-29T20:55:00Z"}',
    });
    const silent = read({ queue: "outbox-sweeper-dlq", body: invocationRecord({ error: null }) });
    expect(silent.reason).to.equal("RetriesExhausted after 3 runs, request request-9");
  });

  it("gives a run that was never started the payload that its rule would have given it", () => {
    const rule = "pollination-planner-regular";
    const attributes = undelivered(rule);
    const letter = read({ queue: "pollination-planner-dlq", body: scheduledEvent(rule), attributes });
    expect(letter).to.include({ category: "undelivered", trigger: "regular" });
    const planned = { kind: "invocation", function: functionArn("pollination-planner") };
    const payload = '{"trigger":"regular","time":"2026-10-29T07:00:00Z"}';
    expect(delivery(letter)).to.deep.equal({ ...planned, payload });
    const transformed = read({ queue: "pollination-planner-dlq", body: payload, attributes });
    expect(delivery(transformed)).to.deep.equal({ ...planned, payload });
    expect(transformed.letterId).to.equal(letter.letterId);
  });

  it("goes where its queue belongs, whatever its content claims", () => {
    const claims = invocationRecord({ payload: { trigger: "sweep" } });
    for (const queue of ["ingestion-dlq", "ingestion-undelivered"]) {
      const letter = read({ queue, body: claims, attributes: { TARGET_ARN: functionArn("outbox-sweeper") } });
      expect(letter.source).to.equal(queueArn("ingestion"));
      expect(delivery(letter)).to.include({ kind: "message", body: claims });
    }
    const prototype = read({ queue: "constructor-dlq" });
    expect(prototype.source).to.equal(queueArn("constructor"));
  });

  it("holds no delivery where a function's letter is none that AWS writes", () => {
    for (const body of ["", "none", "null", "[]", "{}", '{"time":"2026-10-29T07:00:00Z"}', '{"requestContext":{}}']) {
      const letter = read({ queue: "outbox-sweeper-dlq", body });
      expect(delivery(letter), body).to.equal(undefined);
      expect(letter.letterId).to.match(/^[0-9a-f]{24}$/);
    }
  });

  it("is the same letter where redriving it would do the same, and another one anywhere else", () => {
    const ids = [
      read({ body: "one", attributes: refusal }),
      read({ body: "one", attributes: { ...refusal, reason: "for another reason" }, messageId: "m-2" }),
      read({ body: "one", queue: "ingestion-undelivered", attributes: undelivered("x"), messageId: "m-3" }),
      read({ body: "two", attributes: refusal }),
      read({ body: "one", queue: "analysis-dlq", attributes: refusal }),
    ].map(({ letterId }) => letterId);
    expect(new Set(ids.slice(0, 3)).size).to.equal(1);
    expect(new Set(ids).size).to.equal(3);
    const runs = ["request-1", "request-2"].map((requestId) =>
      read({ queue: "outbox-sweeper-dlq", body: invocationRecord({ requestId }) }),
    );
    expect(runs[0]?.letterId).to.equal(runs[1]?.letterId);
  });

  it("is read whatever is in it, and repeats no secret in its reason", () => {
    for (const body of [
      "",
      "\u0000",
      "42",
      "null",
      '{"id":7,"detail":"x"}',
      '{"detail":{"eventId":{}}}',
      '{"__proto__":1}',
    ]) {
      expect(read({ body }).event, body).to.deep.equal({});
    }
    const told = read({ attributes: { ...refusal, reason: "GET /query?apikey=ABCDEFGH refused" } });
    expect(told.reason).to.equal("GET /query?apikey=[redacted] refused");
    expect(read({ attributes: { ...refusal, category: "made up" } }).category).to.equal("kept failing");
    expect(read({ attributes: { ...refusal, failedAt: "soon" } }).failedAt).to.equal("2026-10-29T21:00:05.000Z");
  });
});
