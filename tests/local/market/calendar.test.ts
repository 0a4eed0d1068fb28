import { expect } from "chai";
import { addDays } from "../../../local/market/days";
import { startTestMarket, type TestMarket } from "./started";

type Fields = Record<string, string>;
const today = "2026-08-28";

const rowsOf = (csv: string): Fields[] => {
  const [head = "", ...lines] = csv.split("\r\n").filter((line) => line !== "");
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((value, at) => [names[at] ?? "", value])));
};

describe("the stand-in market's earnings calendar", () => {
  let market: TestMarket;
  before(async () => {
    market = await startTestMarket({ extraSymbols: 3 });
  });
  after(() => market.close());

  const calendar = async (params?: Fields): Promise<Fields[]> =>
    rowsOf(await (await market.ask("EARNINGS_CALENDAR", params)).text());

  it("is a CSV with a header, whose lines end with CR and LF", async () => {
    const text = await (await market.ask("EARNINGS_CALENDAR")).text();
    expect(text).to.match(/^symbol,name,reportDate,fiscalDateEnding,estimate,currency,timeOfTheDay\r\n/);
    expect(text.endsWith("\r\n")).to.equal(true);
    expect(text.replaceAll("\r\n", "")).not.to.match(/[\r\n]/);
  });

  it("has rows of the last days and of the next three months, some without an estimate or a time of the day", async () => {
    const rows = await calendar();
    expect(rows.length).to.be.greaterThan(70);
    for (const { reportDate = "", fiscalDateEnding = "", currency } of rows) {
      expect(reportDate >= addDays(today, -3) && reportDate <= addDays(today, 91), reportDate).to.equal(true);
      expect(fiscalDateEnding < reportDate).to.equal(true);
      expect(currency).to.equal("USD");
    }
    expect(rows.filter(({ estimate }) => estimate === "")).to.have.length.within(3, rows.length / 3);
    expect(new Set(rows.map(({ timeOfTheDay }) => timeOfTheDay))).to.deep.equal(
      new Set(["", "pre-market", "post-market"]),
    );
  });

  it("agrees with EARNINGS about those that reported, today's too", async () => {
    const out = (await calendar()).filter(({ reportDate = "" }) => reportDate <= today);
    expect(out.map(({ reportDate }) => reportDate)).to.include.members([today, addDays(today, -1)]);
    for (const { symbol = "", reportDate, fiscalDateEnding, estimate } of out) {
      const { quarterlyEarnings } = await market.json<{ quarterlyEarnings: Fields[] }>("EARNINGS", { symbol });
      expect(quarterlyEarnings[0], symbol).to.include({ reportedDate: reportDate, fiscalDateEnding });
      expect(Number(quarterlyEarnings[0]?.["estimatedEPS"])).to.deep.equal(
        estimate === "" ? Number.NaN : Number(estimate),
      );
    }
  });

  it("announces nothing that is reported already, but for the last days", async () => {
    const due = (await calendar()).filter(({ reportDate = "" }) => reportDate > today);
    for (const { symbol = "", fiscalDateEnding } of due.slice(0, 10)) {
      const { quarterlyEarnings } = await market.json<{ quarterlyEarnings: Fields[] }>("EARNINGS", { symbol });
      expect(quarterlyEarnings.map((quarter) => quarter["fiscalDateEnding"])).not.to.include(fiscalDateEnding);
    }
  });

  it("looks as far as it is asked to", async () => {
    const [three, six, twelve] = await Promise.all(
      ["3month", "6month", "12month"].map((horizon) => calendar({ horizon })),
    );
    expect(six?.length).to.be.greaterThan(three?.length ?? 0);
    expect(twelve?.length).to.be.greaterThan(six?.length ?? 0);
    expect(await market.json("EARNINGS_CALENDAR", { horizon: "9month" })).to.have.property("Error Message");
  });

  it("answers for one company, and with nothing but its header for one that nobody knows", async () => {
    const rows = await calendar({ symbol: "VRDX", horizon: "12month" });
    expect(rows).to.have.length(4);
    expect(rows.every(({ symbol }) => symbol === "VRDX")).to.equal(true);
    expect(await calendar({ symbol: "NOPE" })).to.deep.equal([]);
  });

  it("says nothing about companies that exist, nor about those that are only listed", async () => {
    const symbols = new Set((await calendar({ horizon: "12month" })).map(({ symbol }) => symbol));
    expect(symbols).not.to.include("AAPL");
    expect(symbols.size).to.equal(72);
  });

  it("may come without its last column", async () => {
    const older = await startTestMarket({ timeOfTheDay: false });
    try {
      const [header] = (await (await older.ask("EARNINGS_CALENDAR")).text()).split("\r\n");
      expect(header).to.equal("symbol,name,reportDate,fiscalDateEnding,estimate,currency");
    } finally {
      await older.close();
    }
  });
});
