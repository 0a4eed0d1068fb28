import { expect } from "chai";
import { analysisIdOf, parseItem } from "../../../functions/processing/workflow/item";
import { reasonIn } from "../../../functions/processing/workflow/reason";

describe("what a state machine caught", () => {
  it("is told in one line, by Lambda's message where there is one", () => {
    const Cause = JSON.stringify({ errorType: "Permanent", errorMessage: "the result x is damaged", trace: [] });
    expect(reasonIn({ Error: "Permanent", Cause })).to.equal("Permanent: the result x is damaged");
    expect(reasonIn({ Error: "States.Timeout", Cause: "" })).to.equal("States.Timeout");
    expect(reasonIn({ Error: "Lambda.Unknown", Cause: "no JSON" })).to.equal("Lambda.Unknown: no JSON");
    expect(reasonIn({ Error: "E", Cause: "[1]" })).to.equal("E: [1]");
    expect(reasonIn({ Error: "E", Cause: "null" })).to.equal("E: null");
  });

  it("never gives away a credential, nor outgrows a line", () => {
    const told = reasonIn({ Error: "E", Cause: `apikey=ABCDEF0123456789 ${"x".repeat(2_000)}` });
    expect(told).not.to.contain("ABCDEF0123456789");
    expect(told.length).to.equal(500);
  });
});

describe("an item of a batch", () => {
  const item = {
    assetId: "AAPL",
    batchId: "batch-1",
    analysisType: "rule_based",
    requestedAt: "2026-11-20T06:00:00.000Z",
    correlationId: "story-1",
  };

  it("has one analysis, whatever else it carries", () => {
    const id = analysisIdOf(parseItem(item));
    expect(id).to.match(/^[0-9a-f]{32}$/);
    expect(analysisIdOf(parseItem({ ...item, more: true }))).to.equal(id);
    expect(analysisIdOf(parseItem({ ...item, assetId: "MSFT" }))).not.to.equal(id);
    expect(analysisIdOf(parseItem({ ...item, batchId: "batch-2" }))).not.to.equal(id);
  });

  it("is refused by the name of its field", () => {
    expect(() => parseItem({ ...item, analysisType: "guess" })).to.throw(
      "input.analysisType must be rule_based or advanced",
    );
    expect(() => parseItem({ ...item, assetId: undefined })).to.throw("input.assetId is missing");
    expect(() => parseItem({ ...item, requestedAt: "soon" })).to.throw("input.requestedAt must be an ISO timestamp");
    expect(() => parseItem(undefined)).to.throw("input is missing");
  });
});
