import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { type DataType, dataTypes } from "../../../functions/processing/fundamentals/dataTypes";
import { universe } from "../../../local/market/universe";
import { type Book, eventsOf, logOf, rawAnswer, rawBucket, readBook } from "./book";
import { judge, ledgerOf, paidByDay, paidCalls } from "./judges";
import { type Shared, sharedCloud } from "./sharedCloud";

const functionOf: Record<DataType, string> = {
  company_overview: "OVERVIEW",
  earnings: "EARNINGS",
  income_statement: "INCOME_STATEMENT",
  balance_sheet: "BALANCE_SHEET",
  cash_flow: "CASH_FLOW",
};
const statements = ["income_statement", "balance_sheet", "cash_flow"] as const;

type Figures = Record<string, string>;
type Statement = { annualReports: Figures[]; quarterlyReports: Figures[] };

/** What a statement's figures must come to, worked out from the provider's texts alone. */
const expected = ({ fiscalDateEnding: _, reportedCurrency: __, ...texts }: Figures): Record<string, number> =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) =>
      text === "None" ? [] : [[name.replace("costofGoods", "costOfGoods"), Number(text)]],
    ),
  );

interface Planned {
  round: string;
  picks: { assetId: string; dataTypes: DataType[]; reason: string }[];
  resumed: { assetId: string }[];
  skipped: { reason: string; count: number }[];
}

describe("two quiet days", function () {
  this.timeout(60_000);
  let shared: Shared;
  let book: Book;
  const planned = async () =>
    (await logOf(shared, "pollination-planner"))
      .filter(({ message }) => message === "planned")
      .map(({ result }) => result as Planned);
  const current = (type: DataType, assetId: string) => {
    const head = book.heads.find((one) => one.type === type && one.asset_id === assetId);
    return Object.entries(head?.current ?? {}).map(([name, entry]) => {
      const key = `${name}#${entry.slice(0, entry.indexOf("#"))}`;
      const row = book.reports.find((one) => one.type === type && one.asset_id === assetId && one.report_key === key);
      if (!row) throw new Error(`${assetId} has no ${key}`);
      return { name, row };
    });
  };
  const cached = async () => {
    const ask = (...[command, ...args]: [string, ...string[]]) =>
      shared.up.services.elastiCache.ask("signal9-dev-cache", command, ...args);
    const keys = ((await ask("keys", "data:*")) as string[]).sort();
    return Promise.all(
      keys.map(async (key) => ({
        key,
        ttl: Number(await ask("ttl", key)),
        value: JSON.parse(String(await ask("get", key))) as { source_time: number; reports: { report_key: string }[] },
      })),
    );
  };

  describe("on the first", () => {
    before(async () => {
      shared = await sharedCloud();
      await shared.newDay();
      await shared.turnTo(7.1);
      await shared.up.settle();
      book = await readBook(shared);
    });

    it("keeps to all that must be true of any day, and has no dead letter", async () => {
      await judge(shared, book);
      expect(book.letters).to.deep.equal([]);
    });

    it("knows every company that is traded, and says of each what the planner made of it", async () => {
      expect(book.assets.map(({ symbol }) => symbol)).to.have.members(universe.map(({ symbol }) => symbol));
      const rounds = await planned();
      expect(rounds.map(({ round }) => round)).to.deep.equal(["earnings", "regular"]);
      for (const { picks, resumed, skipped } of rounds) {
        const count = skipped.reduce((sum, one) => sum + one.count, picks.length + resumed.length);
        expect(count).to.equal(universe.length);
        for (const { reason } of skipped) expect(reason).not.to.equal("");
      }
    });

    it("fetches four companies, those that reported first, each type of them once, and tells of each once", () => {
      const companies = book.states.map(({ asset_id }) => asset_id.slice("ASSET#".length));
      expect(companies).to.have.length(4);
      for (const { status, progress } of book.states)
        expect({ status, progress }).to.deep.equal({ status: "complete", progress: 1 });
      const asked = paidCalls(shared.calls()).filter(({ symbol }) => symbol !== undefined);
      expect(asked.map((call) => `${call.symbol} ${call.function}`)).to.have.members(
        companies.flatMap((company) => dataTypes.map((type) => `${company} ${functionOf[type]}`)),
      );
      expect(book.jobs.map(({ status, attempts }) => `${status} at attempt ${attempts}`)).to.deep.equal(
        Array.from({ length: 20 }, () => "done at attempt 1"),
      );
      expect(eventsOf(book, "pollinationComplete").map(({ entity }) => entity)).to.have.members(
        companies.map((company) => `ASSET#${company}`),
      );
      const gathered = eventsOf(book, "analysisNeeded").flatMap(({ detail }) => detail["assetIds"] as string[]);
      expect(gathered).to.have.members(companies);
    });

    it("stores each report as the provider gave it", async () => {
      for (const { asset_id } of book.states) {
        for (const type of statements) {
          const symbol = asset_id.slice("ASSET#".length);
          const said = (await shared.oracle.ask(functionOf[type], symbol)) as unknown as Statement;
          const wanted = [
            ...said.annualReports.map((one) => [`ANNUAL#${one["fiscalDateEnding"]}`, expected(one)]),
            ...said.quarterlyReports.map((one) => [`QUARTERLY#${one["fiscalDateEnding"]}`, expected(one)]),
          ];
          const stored = current(type, asset_id).map(({ name, row }) => [name, row.figures]);
          expect(Object.fromEntries(stored), `${symbol} ${type}`).to.deep.equal(Object.fromEntries(wanted));
        }
      }
    });

    it("closes the calendar's entries of those that reported", () => {
      const complete = new Set<unknown>(book.states.map(({ asset_id }) => asset_id));
      const today = new Date(shared.up.cloud.clock.now()).toISOString().slice(0, 10);
      const out = book.calendar.filter(
        (entry) => complete.has(entry["asset_id"]) && String(entry["earnings_date"]) <= today,
      );
      expect(out.length).to.be.greaterThan(0);
      for (const { asset_id, status } of out) expect(status, String(asset_id)).to.equal("processed");
      const others = book.calendar.filter((entry) => !out.includes(entry));
      expect(new Set(others.map(({ status }) => status))).to.deep.equal(new Set(["scheduled"]));
    });

    it("spends from the budget what the market saw, job by job, and waits for nothing as if it had failed", async () => {
      const paid = paidCalls(shared.calls());
      expect(ledgerOf(book)).to.deep.equal(paidByDay(shared));
      const of = (name: string) => paid.filter((call) => call.function === name).length;
      expect(Object.values(book.budget?.["utc"] as object)).to.deep.equal([
        { calendar: of("EARNINGS_CALENDAR"), news: of("NEWS_SENTIMENT"), fundamentals: 20 },
      ]);
      expect(of("EARNINGS_CALENDAR")).to.equal(1);
      for (const label of ["pollination", "ingestion", "analysis-batches"]) {
        const troubled = (await logOf(shared, label)).filter(({ level }) => level === "ERROR" || level === "WARN");
        expect(troubled, label).to.deep.equal([]);
      }
    });

    it("keeps every answer, packed, so that it can be read again", async () => {
      const { Contents = [] } = await shared.clients.s3.send(new ListObjectsV2Command({ Bucket: rawBucket(shared) }));
      expect(Contents).to.have.length(shared.calls().length);
      for (const { Key = "" } of Contents) {
        const text = await rawAnswer(shared, Key);
        if (Key.includes("earnings_calendar")) expect(text).to.match(/^symbol,name,reportDate/);
        else expect(() => JSON.parse(text), Key).not.to.throw();
      }
    });

    it("has all that counts in the cache, for an hour", async () => {
      const entries = await cached();
      expect(entries.map(({ key }) => key)).to.have.members(
        book.heads.map(({ asset_id, type }) => `data:${asset_id.slice("ASSET#".length)}:${type}`),
      );
      for (const { key, ttl, value } of entries) {
        expect(ttl, key).to.be.within(3_000, 3_600);
        const [, symbol, type] = key.split(":");
        const head = book.heads.find((one) => one.asset_id === `ASSET#${symbol}` && one.type === type);
        expect(value.source_time, key).to.equal(head?.source_time);
        expect(value.reports, key).to.have.length(Object.keys(head?.current ?? {}).length);
      }
    });
  });

  describe("on the second", () => {
    let first: Book;
    let corrected: string;
    before(async () => {
      first = book;
      [corrected = ""] = first.states.map(({ asset_id }) => asset_id.slice("ASSET#".length)).sort();
      const report = first.reports.find(
        ({ asset_id, type, period }) =>
          asset_id === `ASSET#${corrected}` && type === "income_statement" && period === "annual",
      );
      shared.restate(corrected, {
        function: "INCOME_STATEMENT",
        period: "annual",
        fiscalDateEnding: report?.fiscal_date ?? "",
        figures: { netIncome: 123_456_789, totalRevenue: null },
      });
      await shared.skipTo(3.9, 1);
      const request = { assetId: corrected, dataType: "income_statement", priority: "high" };
      await shared.tell({ type: "dataIngestionNeeded", detail: request });
      await shared.up.settle();
      await shared.turnTo(7.1, { days: 1 });
      await shared.up.settle();
      book = await readBook(shared);
    });

    it("keeps to all that must be true of any day, and has no dead letter", async () => {
      await judge(shared, book);
      expect(book.letters).to.deep.equal([]);
    });

    it("takes over the lists without writing them again", async () => {
      const [asset, calendar] = await Promise.all(
        [
          ["asset-sync", "synchronised assets"],
          ["earnings-sync", "synchronised the earnings calendar"],
        ].map(
          async ([label = "", message]) =>
            (await logOf(shared, label)).filter((line) => line.message === message).at(-1)?.["result"] as Record<
              string,
              number
            >,
        ),
      );
      expect(asset).to.include({
        seen: universe.length,
        added: 0,
        changed: 0,
        delisted: 0,
        unchanged: universe.length,
      });
      expect(calendar?.["unchanged"]).to.be.greaterThan(0);
      expect(calendar).to.include({ moved: 0 });
    });
  });
});
