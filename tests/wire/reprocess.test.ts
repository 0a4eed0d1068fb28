import { DeleteCommand, PutCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { pilesFor, remakeCompanies, type Told } from "../../commands/reprocess/companies";
import { remakeNews } from "../../commands/reprocess/news";
import { type Report, reportLines } from "../../commands/reprocess/print";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { changesOf, type Head, type ReportRow } from "../../functions/processing/fundamentals/changes";
import { newHead } from "../../functions/processing/fundamentals/store";
import { ProviderFailure } from "../../functions/processing/providers/problem";
import { askKeeping, rawKey } from "../../functions/processing/raw/keep";
import { alphaVantageKey } from "../local/market/started";
import {
  bell,
  cleanMarket,
  invocation,
  list,
  type MarketWorld,
  marketWorld,
  noon,
  pollinated,
  quietly,
  rowsOf,
  rung,
  wanted,
} from "./marketWorld";
import { emptyTables } from "./tables";

const minute = 60_000;
const later = noon + 60 * minute;

describe("answers that are read anew", () => {
  let world: MarketWorld;
  let symbols = 0;
  let symbol: string;
  before(async () => {
    world = await marketWorld();
  });
  beforeEach(async () => {
    await cleanMarket();
    // What is kept in the bucket stays there: each test has a company of its own.
    symbol = ["AAPL", "MSFT", "IBM", "KO", "JPM", "SRVA", "STLV", "AEQT"][symbols++ % 8] ?? "AAPL";
    await list(symbol);
  });
  after(async () => {
    await cleanMarket();
    await emptyTables("news");
  });

  const stored = async (type: "income_statement" | "company_overview" = "income_statement") => {
    await pollinated(wanted(symbol, [type]));
    expect(await rung(bell(symbol, type))).to.match(/^stored/);
  };
  const again = (at = later, dryRun = false): Promise<{ told: Told[]; failed: unknown[] }> =>
    quietly(async () => {
      const run = invocation(at);
      return remakeCompanies(await pilesFor([symbol], run), dryRun, () => undefined, run);
    });
  const rows = async () => (await rowsOf("income-statement")) as unknown as (Head & ReportRow)[];
  const headOf = async () => {
    const head = (await rows()).find(({ report_key }) => report_key === "HEAD");
    if (!head) throw new Error("there is no head");
    return head as Head;
  };
  const put = (Item: object) => dynamodb().send(new PutCommand({ TableName: "income-statement", Item }));

  /** As if one report had been read wrongly when it came. */
  const spoil = async (): Promise<{ name: string; wrong: ReportRow; right: ReportRow }> => {
    const head = await headOf();
    const [[name, entry]] = Object.entries(head.current) as [[string, string]];
    const key = `${name}#${entry.slice(0, entry.indexOf("#"))}`;
    const right = (await rows()).find(({ report_key }) => report_key === key) as ReportRow;
    const wrong = { ...right, figures: { ...right.figures, netIncome: 1 } };
    await put(wrong);
    await put({ ...head, current: { ...head.current, [name]: entry.replace(/#.*/, "#wrong") } });
    return { name, wrong, right };
  };

  it("come out as they are stored, where nothing has changed: nothing is written", async () => {
    await stored();
    const before = await rows();
    const { told, failed } = await again();
    expect(failed).to.deep.equal([]);
    const unchanged = before.length - 1;
    expect(told).to.deep.equal([
      {
        assetId: symbol,
        type: "income_statement",
        answers: 1,
        added: 0,
        restated: 0,
        unchanged,
        older: 0,
        versions: [],
        refused: [],
      },
    ]);
    expect(await rows()).to.deep.equal(before);
  });

  it("put right what was read wrongly, as a version of its own; the second time there is nothing left to do", async () => {
    await stored();
    const { name, wrong, right } = await spoil();
    const before = await rows();
    const [dry] = (await again(later, true)).told;
    expect(dry).to.include({ restated: 1, added: 0 });
    expect(await rows()).to.deep.equal(before);

    const [first] = (await again()).told;
    expect(first).to.include({ restated: 1, added: 0, older: 0 });
    const head = await headOf();
    const at = new Date(later).toISOString();
    expect(head.current[name]).to.match(new RegExp(`^${right.received_at}~${at}#`));
    const made = (await rows()).find(({ report_key }) => report_key === `${name}#${right.received_at}~${at}`);
    expect(made).to.include({ restates: wrong.report_key, remade_at: at, raw_key: right.raw_key });
    expect(made?.figures).to.deep.equal(right.figures);
    expect(await rows()).to.deep.include(wrong);

    const after = await rows();
    const [second] = (await again(later + minute)).told;
    expect(second).to.include({ restated: 0, added: 0, unchanged: after.length - 2 });
    expect(await rows()).to.deep.equal(after);
  });

  it("end in one version where two do it at once", async () => {
    await stored();
    const { name, right } = await spoil();
    const ends = await Promise.all([again(later), again(later + 1)]);
    expect(ends.flatMap(({ failed }) => failed)).to.deep.equal([]);
    const head = await headOf();
    const key = `${name}#${head.current[name]?.replace(/#.*/, "")}`;
    expect((await rows()).find(({ report_key }) => report_key === key)?.figures).to.deep.equal(right.figures);
  });

  it("are not undone by an answer that was compared with what was known before", async () => {
    await stored();
    const { name } = await spoil();
    const before = await headOf();
    await again();
    const mended = (await headOf()).current[name];
    const quarter = { period: "quarterly", fiscalDate: "2030-03-31", figures: { netIncome: 1 }, texts: {} } as const;
    const arrives = (known: Head) => {
      const source = { assetId: symbol, receivedAt: later + minute, rawKey: "raw" };
      const changes = changesOf(known, { symbol, reports: [quarter], refused: [] }, source);
      const TransactItems = changes ? [newHead("income_statement", changes.head, known)] : [];
      return dynamodb().send(new TransactWriteCommand({ TransactItems }));
    };
    const refusal = await arrives(before).catch((error: unknown) => error);
    expect(refusal).to.have.property("name", "TransactionCanceledException");
    await arrives(await headOf());
    const { current, source_time } = await headOf();
    expect(source_time).to.equal(later + minute);
    expect(current).to.include.keys("QUARTERLY#2030-03-31");
    expect(current[name]).to.equal(mended);
  });

  it("never replace what was made from a younger answer that is not kept any more", async () => {
    await stored();
    const head = await headOf();
    const [[name]] = Object.entries(head.current) as [[string, string]];
    const youngest = `${new Date(noon + minute).toISOString()}#younger`;
    await put({ ...head, source_time: noon + minute, current: { ...head.current, [name]: youngest } });
    const before = await rows();
    const [told] = (await again()).told;
    expect(told).to.include({ restated: 0, older: 1 });
    expect(await rows()).to.deep.equal(before);
  });

  it("take over an answer that could not be stored when it came, without a call", async () => {
    await stored();
    const head = await headOf();
    for (const { asset_id, report_key } of await rows()) {
      await dynamodb().send(new DeleteCommand({ TableName: "income-statement", Key: { asset_id, report_key } }));
    }
    const calls = world.market.calls().length;
    const [told] = (await again()).told;
    expect(told).to.include({ added: Object.keys(head.current).length, restated: 0 });
    expect(Object.keys((await headOf()).current).sort()).to.deep.equal(Object.keys(head.current).sort());
    expect(await headOf()).to.include({ source_time: head.source_time, raw_key: head.raw_key });
    expect(world.market.calls().length).to.equal(calls);
  });

  it("are told of where they cannot be read, and hold up no others", async () => {
    await stored();
    const key = rawKey("alphavantage", `income_statement/${symbol}`, "of another company");
    await quietly(() =>
      askKeeping(
        key,
        async () => ({ body: '{"symbol": "OTHER", "annualReports": [{}]}', receivedAt: noon + minute }),
        invocation(),
      ),
    );
    const { told, failed } = await again();
    expect(told[0]?.refused).to.deep.equal([{ rawKey: key, reason: `income_statement.symbol must be ${symbol}` }]);
    expect(told[0]).to.include({ answers: 2, restated: 0, older: 0 });
    const report: Report = { dryRun: false, companies: told, failed: [] };
    expect(failed).to.deep.equal([]);
    expect(reportLines(report).join("\n")).to.include(`${key}: income_statement.symbol must be ${symbol}`);
  });

  it("are read anew where they were refused for their shape when they came, without another call", async () => {
    await stored();
    const [{ raw_key: kept } = { raw_key: "" }] = (await rows()).filter(({ report_key }) => report_key !== "HEAD");
    const key = rawKey("alphavantage", `income_statement/${symbol}`, "of another shape");
    const body = '{"annualReports": []}';
    const refuse = async () => {
      throw new ProviderFailure("malformed", "no symbol").of({ body, receivedAt: noon + minute });
    };
    const refusal = quietly(() => askKeeping(key, refuse, invocation()));
    expect(await refusal.catch((error: unknown) => error)).to.include({ problem: "malformed" });
    const { told } = await again();
    const [{ rawKey: found, reason } = { rawKey: "", reason: "" }] = told[0]?.refused ?? [];
    expect(found).to.match(new RegExp(`^alphavantage/income_statement/${symbol}/refused-[0-9a-f]{32}[.]gz$`));
    expect(reason).to.match(/^income_statement.symbol /);
    expect(found).not.to.equal(kept);
    expect(told[0]).to.include({ answers: 2, restated: 0 });
  });

  it("have a company indexed anew whose overview came out otherwise", async () => {
    await stored("company_overview");
    for (const { asset_id, report_key } of await rowsOf("company-overview")) {
      await dynamodb().send(new DeleteCommand({ TableName: "company-overview", Key: { asset_id, report_key } }));
    }
    await emptyTables("queue-tracking");
    await again();
    const jobs = await rowsOf("queue-tracking");
    expect(jobs.map(({ job_id, status }) => [job_id, status])).to.deep.equal([[`search#${symbol}#assets`, "enqueued"]]);
  });

  it("take over news of companies that nobody knew then", async () => {
    const url = `${world.market.url}/query?function=NEWS_SENTIMENT&time_from=20260820T0000&limit=50&apikey=${alphaVantageKey}`;
    const body = await (await fetch(url)).text();
    const key = rawKey("alphavantage", "news", "first day");
    await quietly(() => askKeeping(key, async () => ({ body, receivedAt: noon }), invocation()));
    const { feed } = JSON.parse(body) as { feed: { ticker_sentiment: { ticker: string }[] }[] };
    const [one = ""] = feed.flatMap(({ ticker_sentiment }) => ticker_sentiment.map(({ ticker }) => ticker));
    await list(one);
    const dry = await quietly(() => remakeNews(true, invocation()));
    expect(dry.added).to.be.greaterThan(0);
    expect(await rowsOf("news")).to.deep.equal([]);
    const old = await quietly(() => remakeNews(true, { ...invocation(), now: () => noon + 401 * 86_400_000 }));
    expect(old).to.include({ seen: 0, added: 0 });
    const told = await quietly(() => remakeNews(false, invocation()));
    expect(told).to.include({ added: dry.added, linked: dry.linked });
    expect((await rowsOf("news")).filter(({ asset_id }) => asset_id === `ASSET#${one}`).length).to.be.greaterThan(0);
    const second = await quietly(() => remakeNews(false, invocation()));
    expect(second).to.include({ added: 0, duplicates: told.duplicates + told.added });
  });
});
