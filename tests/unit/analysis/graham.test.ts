import { expect } from "chai";
import { graham, grahamNumber } from "../../../functions/processing/analysis/graham";
import { computed, refused } from "./outcome";
import { books, fundamentals, overview } from "./sample";

const at = (price: number, over: Record<string, number> = {}) =>
  graham(
    books({
      overview: overview({
        eps: 8.4,
        bookValue: 29.85,
        marketCapitalization: price * 100,
        sharesOutstanding: 100,
        ...over,
      }),
    }),
  );

describe("Graham's number", () => {
  it("is 75.11 for earnings of 8.40 and a book value of 29.85", () =>
    expect(grahamNumber(8.4, 29.85)).to.be.closeTo(75.11, 0.005));
  it("is 133.65 for TD Synnex with 10.47 and 75.82", () =>
    expect(grahamNumber(10.47, 75.82)).to.be.closeTo(133.65, 0.01));
  it("is 17.75 in Calculator Academy's example, 4.00 and 3.50", () =>
    expect(grahamNumber(4, 3.5)).to.be.closeTo(17.748, 0.001));
  it("lets 15 times earnings at one and a half times book value be the limit, as Graham put it", () =>
    expect(grahamNumber(2, 20)).to.be.closeTo(15 * 2, 1e-9));

  it("is held against the price: dear, fair, cheap", () => {
    const number = grahamNumber(8.4, 29.85);
    expect(computed(at(number)).value).to.equal(1);
    expect(computed(at(number)).score).to.equal(0.75);
    expect(computed(at(number / 1.2)).score).to.equal(1);
    expect(computed(at(number / 0.4))).to.include({ score: 0, verdict: "unfavourable" });
    expect(computed(at(number)).reason).to.equal(
      "Graham's number is 100.0 % of the price, by the figures of 2024-09-30.",
    );
  });

  it("is not computed for a firm without profit, equity, price or overview", () => {
    expect(refused(at(10, { eps: -1 })).missing).to.deep.equal(["eps above 0"]);
    expect(refused(at(10, { bookValue: 0 })).missing).to.deep.equal(["bookValue above 0"]);
    expect(refused(at(10, { sharesOutstanding: 0 })).missing).to.deep.equal(["sharesOutstanding above 0"]);
    expect(refused(at(0)).missing).to.deep.equal(["marketCapitalization above 0"]);
    const { overview: _, ...rest } = fundamentals();
    expect(refused(graham(books({ ...rest, overview: overview({}) }))).missing).to.include(
      "eps (company_overview 2024-09-30)",
    );
  });
});
