import { expect } from "chai";
import fc from "fast-check";
import { Failure } from "../../../functions/processing/failure";
import { parseAssets } from "../../../functions/processing/providers/alpaca";
import { remember } from "../../../functions/processing/redact";

const asset = (changes: Record<string, unknown> = {}) => ({
  id: "b0b6dd9d-8b9b-48a9-ba46-b9d54906e415",
  class: "us_equity",
  exchange: "NASDAQ",
  symbol: "AAPL",
  name: "Apple Inc. Common Stock",
  status: "active",
  tradable: true,
  marginable: true,
  shortable: false,
  easy_to_borrow: true,
  fractionable: false,
  maintenance_margin_requirement: 30,
  margin_requirement_long: "30",
  attributes: ["has_options", "something_new"],
  ...changes,
});
const parse = (...rows: unknown[]) => parseAssets(JSON.stringify(rows));

describe("the list of assets", () => {
  it("is read in our terms", () => {
    expect(parse(asset())).to.deep.equal({
      assets: [
        {
          symbol: "AAPL",
          name: "Apple Inc. Common Stock",
          exchange: "NASDAQ",
          providerId: "b0b6dd9d-8b9b-48a9-ba46-b9d54906e415",
          tradable: true,
          marginable: true,
          shortable: false,
          easyToBorrow: true,
          fractionable: false,
          attributes: ["has_options", "something_new"],
        },
      ],
      refused: [],
    });
  });

  it("may lack names and attributes", () => {
    const { assets } = parse(
      asset({ name: null, attributes: null }),
      asset({ name: undefined, attributes: undefined }),
    );
    expect(assets.map(({ name, attributes }) => [name, attributes])).to.deep.equal([
      ["", []],
      ["", []],
    ]);
  });

  it("leaves out what cannot be read, under its symbol where it has one, and keeps its neighbours", () => {
    const { assets, refused } = parse(
      asset({ symbol: "A" }),
      asset({ symbol: "B", tradable: "yes" }),
      asset({ symbol: 3 }),
      asset({ symbol: "D", status: "inactive", class: "crypto" }),
      asset({ symbol: "E", exchange: "" }),
      null,
      asset({ symbol: "F" }),
    );
    expect(assets.map(({ symbol }) => symbol)).to.deep.equal(["A", "F"]);
    expect(refused).to.deep.equal([
      { at: "B", reason: "asset.tradable must be true or false" },
      { at: "assets.2", reason: "asset.symbol must be a string" },
      { at: "D", reason: "asset.status must be active; asset.class must be us_equity" },
      { at: "E", reason: "asset.exchange must not be empty" },
      { at: "assets.5", reason: "asset must be an object" },
    ]);
  });

  it("is a list", () => {
    expect(() => parseAssets("{}"))
      .to.throw(Failure, "assets must be a list")
      .that.includes({ category: "validation" });
    expect(() => parseAssets("[")).to.throw(Failure, "assets must be JSON");
  });

  it("of the usual length is read in no time", function () {
    this.timeout(5_000);
    const rows = Array.from({ length: 12_000 }, (_, at) => asset({ symbol: `S${at}` }));
    expect(parse(...rows).assets.length).to.equal(12_000);
  });

  it("is read or refused, whatever it holds, and never shows a key in a reason", () => {
    const key = "ASSETKEY1234";
    remember(key);
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(key, "AAPL", true, "active"));
    const changed = fc.dictionary(fc.constantFrom(...Object.keys(asset()), "__proto__", "constructor", key), value);
    fc.assert(
      fc.property(fc.array(fc.oneof(changed.map(asset), value), { maxLength: 4 }), (rows) => {
        const { assets, refused } = parse(...rows);
        expect(assets.length + refused.length).to.equal(rows.length);
        expect(JSON.stringify(refused)).not.to.include(key);
        for (const { symbol, tradable } of assets) {
          expect(symbol).to.match(/^[!-~]{1,32}$/);
          expect(tradable).to.be.a("boolean");
        }
      }),
      { numRuns: 500 },
    );
  });
});
