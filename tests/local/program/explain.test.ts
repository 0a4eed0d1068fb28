import { InvokeCommand } from "@aws-sdk/client-lambda";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { DeleteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { recompute } from "../../../commands/explain/recompute";
import { readRatings } from "../../../commands/explain/stored";
import { openPlatform, type Platform } from "../../../commands/platform";
import { explain } from "../../../functions/processing/analysis/explain";
import { analysisIdOf } from "../../../functions/processing/workflow/item";
import { batchIdOf } from "../../../functions/processing/workflow/start";
import { universe } from "../../../local/market/universe";
import { storeFundamentals } from "./fundamentals";
import { minute, prefix, type Shared, sharedCloud } from "./sharedCloud";

const sector = universe.at(-1)?.sector;
const peers = universe.filter((one) => one.generated && one.sector === sector).map(({ symbol }) => symbol);
const [symbol = "", ...others] = peers.slice(0, 7);

describe("a rating of the past", function () {
  this.timeout(60_000);
  let shared: Shared;
  let platform: Platform;

  const analyse = async (eventId: string, assetIds: string[], analysisType = "rule_based") => {
    await shared.tell({
      type: "analysisNeeded",
      detail: { eventId, assetIds, batchSize: 8, analysisType, priority: "medium" },
    });
    await shared.up.settle();
    await shared.up.turn(minute);
  };

  before(async () => {
    shared = await sharedCloud();
    platform = await openPlatform(shared.up.url, "dev");
    await shared.hear(true, "analysis");
    await shared.newDay();
    await Promise.all(peers.slice(0, 7).map((one) => storeFundamentals(shared, one)));
    await analyse("at first", [symbol, ...others]);
    await analyse("with peers", [symbol], "advanced");
  });
  after(async () => {
    await shared.hear(false, "analysis");
    platform.dynamodb.destroy();
    platform.s3.destroy();
  });

  it("is found newest first, or by its id, and explained with every component and version", async () => {
    const ratings = await readRatings(platform, symbol);
    expect(ratings.list.map(({ row }) => row.analysis_type)).to.deep.equal(["advanced", "rule_based"]);
    const first = ratings.list.at(-1)?.row;
    const { rating } = await ratings.pick(first?.analysis_id);
    expect(rating).to.include({ analysis_type: "rule_based", investment_rating: first?.investment_rating });
    const text = explain(rating);
    expect(text).to.match(new RegExp(`^${symbol}: ${rating.investment_rating}\n`));
    for (const { report_key } of rating.inputs) expect(text).to.include(report_key);
    const missing = await readRatings(platform, "NOBODY").catch(({ message }: Error) => message);
    expect(missing).to.equal("NOBODY has not been analysed yet");
  });

  it("comes out the same from the versions that it names, and not from others", async () => {
    const ratings = await readRatings(platform, symbol);
    for (const { row } of ratings.list) {
      const { rating } = await ratings.pick(row.analysis_id);
      expect(await recompute(platform, rating), row.analysis_type).to.match(/: the same, byte for byte\.$/);
    }
    const { rating } = await ratings.pick(ratings.list.at(-1)?.row.analysis_id);
    expect(await recompute(platform, { ...rating, rules_version: "0.9.0" })).to.match(/^It was made by rules 0\.9\.0/);
    const annual = rating.inputs.filter(
      ({ type, report_key }) => type === "income_statement" && report_key.startsWith("ANNUAL#"),
    );
    await shared.clients.dynamodb.send(
      new UpdateCommand({
        TableName: `${prefix}income-statement`,
        Key: { asset_id: `ASSET#${symbol}`, report_key: annual.at(-1)?.report_key },
        UpdateExpression: "SET figures.totalRevenue = :none, figures.netIncome = :none",
        ExpressionAttributeValues: { ":none": 1 },
      }),
    );
    expect(await recompute(platform, rating)).to.match(/: NOT the same; now /);
  });

  it("stays as it was laid down where its step is repeated, when more is known", async () => {
    const { row, rating } = await (await readRatings(platform, symbol)).pick(undefined);
    const batchId = batchIdOf({ eventId: "with peers" }, 0);
    const { analysis_id, analysis_date: requestedAt, analysis_type: analysisType } = row;
    expect(analysisIdOf({ assetId: symbol, batchId })).to.equal(analysis_id);
    await shared.clients.dynamodb.send(
      new DeleteCommand({
        TableName: `${prefix}company-overview`,
        Key: { asset_id: `ASSET#${symbol}`, report_key: "HEAD" },
      }),
    );
    const rated = async (again: string): Promise<Record<string, unknown>> => {
      const { Payload } = await shared.clients.lambda.send(
        new InvokeCommand({
          FunctionName: `${prefix}rule-based-analysis`,
          Payload: JSON.stringify({ assetId: symbol, batchId: again, analysisType, requestedAt, correlationId: "c" }),
        }),
      );
      return JSON.parse(Buffer.from(Payload ?? []).toString());
    };
    const { resultKey, investmentRating } = await rated(batchId);
    expect({ resultKey, investmentRating }).to.deep.equal({
      resultKey: row.result_key,
      investmentRating: row.investment_rating,
    });
    expect((await (await readRatings(platform, symbol)).pick(analysis_id)).rating).to.deep.equal(rating);
    // By what is known now it would be another.
    expect((await rated("another"))["investmentRating"]).not.to.equal(investmentRating);
  });

  it("is told to who listens, a change of it by both names", async () => {
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const sns = new SNSClient({ endpoint: shared.up.url, region: "us-east-1", credentials });
    const TopicArn = `arn:aws:sns:us-east-1:123456789012:${prefix}analysis-notification`;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: "analyst@example.com" }));
    const [other = ""] = others;
    const told = () =>
      shared.up.services.sns
        .mailbox()
        .map(({ subject }) => subject)
        .filter((subject) => subject?.startsWith(other));
    await analyse("confirmed", [other]);
    const [{ row } = { row: undefined }] = (await readRatings(platform, other)).list;
    const rating = row?.investment_rating;
    expect(told()).to.deep.equal([`${other}: ${rating}`]);
    await shared.clients.dynamodb.send(
      new UpdateCommand({
        TableName: `${prefix}asset-analysis`,
        Key: { asset_id: `ASSET#${other}`, analysis_key: "LATEST" },
        UpdateExpression: "SET investment_rating = :before",
        ExpressionAttributeValues: { ":before": "Strong Sell" },
      }),
    );
    await analyse("changed", [other]);
    expect(told()).to.deep.equal([`${other}: ${rating}`, `${other}: Strong Sell becomes ${rating}`]);
    sns.destroy();
  });
});
