import { expect } from "chai";
import { kindOf } from "../../../functions/processing/analysis/firm";
import { overview } from "./sample";

const kind = (sector: string, industry: string) => kindOf(overview({}, { sector, industry }));

describe("the kind of firm", () => {
  it("is financial for banks, insurers and capital markets, by either of the provider's spellings", () => {
    for (const [sector, industry] of [
      ["FINANCIAL SERVICES", "BANKS - DIVERSIFIED"],
      ["FINANCE", "NATIONAL COMMERCIAL BANKS"],
      ["Financial Services", "Insurance - Life"],
      ["FINANCE", "SECURITY BROKERS, DEALERS & FLOTATION COMPANIES"],
      ["REAL ESTATE", "REIT - MORTGAGE"],
    ] as const) {
      expect(kind(sector, industry), industry).to.equal("financial");
    }
  });

  it("is a service for those who make nothing, a manufacturer otherwise", () => {
    expect(kind("TECHNOLOGY", "SOFTWARE - INFRASTRUCTURE")).to.equal("service");
    expect(kind("UTILITIES", "UTILITIES - REGULATED ELECTRIC")).to.equal("service");
    expect(kind("TRADE & SERVICES", "RETAIL-EATING PLACES")).to.equal("service");
    expect(kind("TECHNOLOGY", "CONSUMER ELECTRONICS")).to.equal("manufacturer");
    expect(kind("MANUFACTURING", "PHARMACEUTICAL PREPARATIONS")).to.equal("manufacturer");
  });

  it("is not guessed from half of it", () => {
    expect(kindOf(undefined)).to.equal(undefined);
    expect(kindOf(overview({}, { sector: "FINANCE" }))).to.equal(undefined);
    expect(kindOf(overview({}, { industry: "BANKS - REGIONAL" }))).to.equal(undefined);
  });
});
