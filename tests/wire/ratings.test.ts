import { randomUUID } from "node:crypto";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { expect } from "chai";
import { rate } from "../../functions/processing/analysis/rating";
import { s3 } from "../../functions/processing/aws/s3";
import { sns } from "../../functions/processing/aws/sns";
import { notification } from "../../functions/processing/notification";
import { readHistory, readLatest } from "../../functions/processing/workflow/history";
import type { Item } from "../../functions/processing/workflow/item";
import { notify } from "../../functions/processing/workflow/notify";
import { keepResult, resultKey } from "../../functions/processing/workflow/results";
import { type Stored, storeCompleted, storeFailed } from "../../functions/processing/workflow/store";
import { apple, fundamentals, now } from "../unit/analysis/sample";
import { makeQueue } from "./deadLetterWorld";
import { rowsOf } from "./ledger/rows";
import { captureOutput } from "./output";
import { testRun } from "./run";
import { emptyTables, goesAfter } from "./tables";
import { context, world } from "./world";

// Tables remember for ten minutes what was asked of them under an id.
const run = testRun(now, { newId: randomUUID });

const itemOf = (batchId: string, requestedAt: string): Item => ({
  assetId: "AAPL",
  batchId,
  analysisType: "rule_based",
  requestedAt,
  correlationId: "flow",
});

describe("what came of an analysis", () => {
  let inbox: Awaited<ReturnType<typeof makeQueue>>;
  before(async () => {
    await world();
    const { TopicArn = "" } = await sns().send(new CreateTopicCommand({ Name: "analysis-notification" }));
    inbox = await makeQueue("analysis-notification");
    await sns().send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: inbox.arn }));
    await s3().send(new CreateBucketCommand({ Bucket: "analysis-results" }));
    Object.assign(process.env, {
      ASSET_ANALYSIS_TABLE: "asset-analysis",
      ANALYSIS_RESULTS_BUCKET: "analysis-results",
      ANALYSIS_NOTIFICATION_TOPIC_ARN: TopicArn,
    });
  });
  beforeEach(async () => {
    await emptyTables("asset-analysis", "effects", "event-store", "queue-tracking");
    await inbox.take();
  });

  /** Lays down a rating and stores it, as the two steps do. */
  const complete = async (item: Item, of = apple()): Promise<Stored> => {
    const key = resultKey(item.assetId, item.requestedAt.slice(0, 10), item.batchId);
    await keepResult(key, { rating: rate(of, { analysisType: "rule_based", now }) }, run);
    return storeCompleted(item, key, run);
  };
  const told = async (stored: Record<string, unknown>) => {
    const { result } = await captureOutput(() => notification(stored, context()));
    const messages = (await inbox.take()).map(({ Body = "{}" }) => JSON.parse(Body));
    return { ...result, kinds: messages.map(({ MessageAttributes }) => MessageAttributes.kind.Value) };
  };

  const early = itemOf("early", "2024-12-01T00:00:00.000Z");
  const later = itemOf("later", "2024-12-02T00:00:00.000Z");
  const last = itemOf("last", "2024-12-03T00:00:00.000Z");

  it("is told of as a first rating, as confirmed, or as changed", async () => {
    const first = await complete(early);
    expect(first).to.include({ kind: "first", investmentRating: "Buy", changedFrom: "" });
    expect(await told({ ...first })).to.deep.equal({ told: true, kinds: ["first"] });
    expect(await told({ ...first })).to.deep.equal({ told: true, kinds: [] });
    const second = await complete(later);
    expect(await told({ ...second })).to.deep.equal({ told: true, kinds: ["confirmed"] });
    const third = await complete(last, fundamentals());
    expect(third).to.include({ investmentRating: "Not Rated", changedFrom: "Buy" });
    expect(await told({ ...third })).to.deep.equal({ told: true, kinds: ["changed"] });
    for (const [item, stored] of [[early, first] as const, [later, second] as const, [last, third] as const]) {
      expect(await complete(item), item.batchId).to.deep.equal(stored);
    }
  });

  it("is known to have been told of for a month", async () => {
    const { analysisId, ...stored } = await complete(early);
    await notify({ analysisId, ...stored }, run);
    expect(await rowsOf("effects")).to.deep.include({
      effect_id: `notified#${analysisId}`,
      expires_at: goesAfter(30, now),
    });
  });

  it("is not told of where it came late and a newer rating counts, however often it is stored", async () => {
    await complete(later);
    const late = await complete(early, fundamentals());
    expect(late).to.include({ status: "completed", kind: "outdated", changedFrom: "" });
    expect(await complete(early, fundamentals())).to.deep.equal(late);
    expect(await told({ ...late })).to.deep.equal({ told: false, kinds: [] });
    expect(await readLatest("AAPL", run)).to.include({ analysis_date: later.requestedAt, investment_rating: "Buy" });
  });

  it("is a failure where it is in the history as one, though there is a rating now", async () => {
    const failed = await storeFailed(early, "nothing is stored of cash_flow", run);
    expect(failed).to.include({ status: "failed", kind: "failed", reason: "nothing is stored of cash_flow" });
    expect(await complete(early)).to.deep.equal(failed);
    expect(await readLatest("AAPL", run)).to.equal(undefined);
    expect(await told({ ...failed })).to.deep.equal({ told: true, kinds: ["failed"] });
  });

  it("is a rating where it is in the history as one, though its storing was taken for failed", async () => {
    const rated = await complete(early);
    expect(await storeFailed(early, "States.Timeout", run)).to.deep.equal(rated);
    expect(await readHistory(early, run)).to.include({ status: "completed" });
  });

  it("is told of in the words of an execution that began before there were as many", async () => {
    const { kind: _, ...older } = await complete(early);
    expect(await told(older)).to.deep.equal({ told: true, kinds: ["confirmed"] });
    const changed = { ...older, analysisId: "another", changedFrom: "Hold" };
    expect(await told(changed)).to.deep.equal({ told: true, kinds: ["changed"] });
  });
});
