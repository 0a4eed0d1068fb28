import type { EventEnvelope } from "../../../local/eventBridge/envelope";

export const eventWith = (detail: EventEnvelope["detail"], others: Partial<EventEnvelope> = {}): EventEnvelope => ({
  version: "0",
  id: "0b5f6f3a-4a10-4a53-8f1d-6c1d2c6d1a11",
  "detail-type": "earningsProcessed",
  source: "signal9.earnings",
  account: "123456789012",
  time: "2026-03-01T04:05:06Z",
  region: "us-east-1",
  resources: [],
  detail,
  ...others,
});
