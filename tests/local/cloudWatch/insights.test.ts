import {
  CloudWatchLogsClient,
  DescribeQueryDefinitionsCommand,
  GetQueryResultsCommand,
  PutLogEventsCommand,
  StartQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "chai";
import { failure, noon, startWorld, type World } from "./serviceWorld";

const cart = "/aws/lambda/cart";
const till = "/aws/lambda/till";
const lines = [
  { level: "INFO", ms: 5, who: "ann", deep: { at: 1 } },
  { level: "ERROR", ms: 50, who: "bob", reason: "gone" },
  { level: "INFO", ms: 500, who: 'say "hi"' },
];
const saved = "aws:cloudwatch/queryDefinition:QueryDefinition";

describe("Logs Insights on the embedded cloud", () => {
  let world: World;
  let logs: CloudWatchLogsClient;

  const rowsOf = async (queryString: string, span = { startTime: noon / 1_000, endTime: noon / 1_000 }) => {
    const { queryId } = await logs.send(new StartQueryCommand({ logGroupNames: [cart, till], queryString, ...span }));
    const { results = [], status, statistics } = await logs.send(new GetQueryResultsCommand({ queryId }));
    expect(status).to.equal("Complete");
    const rows = results.map((row) => Object.fromEntries(row.map(({ field = "", value }) => [field, value])));
    return { rows: rows.map(({ "@ptr": _, ...row }) => row), statistics };
  };
  const refusal = (queryString: string) =>
    failure(logs.send(new StartQueryCommand({ logGroupName: cart, queryString, startTime: 0, endTime: 1 })));

  before(async () => {
    world = await startWorld();
    logs = new CloudWatchLogsClient(world.client);
    for (const name of [cart, till]) {
      await world.declare("aws:cloudwatch/logGroup:LogGroup", name, { name });
      world.cloudWatch.appendLog(name, "one", { timestamp: noon + 3, message: `plain words of ${name}` });
    }
    await logs.send(
      new PutLogEventsCommand({
        logGroupName: cart,
        logStreamName: "one",
        logEvents: lines.map((line, at) => ({ timestamp: noon + 3 + at, message: JSON.stringify(line) })),
      }),
    );
  });
  after(() => world.close());

  it("shows fields of the lines that a filter lets through, in the order that was asked for", async () => {
    const { rows, statistics } = await rowsOf(
      'fields @timestamp, who, deep.at | filter level = "INFO" and ms < 1000 | sort ms desc',
    );
    expect(rows).to.deep.equal([
      { "@timestamp": "2026-01-20 12:00:30.005", who: 'say "hi"' },
      { "@timestamp": "2026-01-20 12:00:30.003", who: "ann", "deep.at": "1" },
    ]);
    expect(statistics).to.deep.include({ recordsMatched: 2, recordsScanned: 5 });
  });

  it("compares numbers as numbers, texts as texts, and knows what is not there", async () => {
    const who = async (condition: string) => (await rowsOf(`fields who | filter ${condition} | sort ms asc`)).rows;
    expect(await who("ms > 5")).to.deep.equal([{ who: "bob" }, { who: 'say "hi"' }]);
    expect(await who('who in ["ann", "bob"]')).to.deep.equal([{ who: "ann" }, { who: "bob" }]);
    expect(await who('who = "say \\"hi\\""')).to.deep.equal([{ who: 'say "hi"' }]);
    expect(await who("ispresent(reason) or who like /^a/")).to.deep.equal([{ who: "ann" }, { who: "bob" }]);
    expect(await who('not ispresent(reason) and who like "hi"')).to.deep.equal([{ who: 'say "hi"' }]);
    expect(await who('ispresent(who) and not (who = "ann")')).to.deep.equal([{ who: "bob" }, { who: 'say "hi"' }]);
    expect(await who('ispresent(ms) and reason != "gone"')).to.deep.equal([{ who: "ann" }, { who: 'say "hi"' }]);
  });

  it("counts and measures by what the lines say", async () => {
    const { rows } = await rowsOf(
      "filter ispresent(ms) | stats count(*) as n, sum(ms), avg(ms) as mean, min(ms) as least, max(ms) as most, pct(ms, 50) as p50, count_distinct(who) as people, count(reason) as reasons by level | sort n desc",
    );
    expect(rows).to.deep.equal([
      {
        level: "INFO",
        n: "2",
        "sum(ms)": "505",
        mean: "252.5",
        least: "5",
        most: "500",
        p50: "5",
        people: "2",
        reasons: "0",
      },
      {
        level: "ERROR",
        n: "1",
        "sum(ms)": "50",
        mean: "50",
        least: "50",
        most: "50",
        p50: "50",
        people: "1",
        reasons: "1",
      },
    ]);
  });

  it("shows the newest lines whole where nothing is asked for, no more than the limit, of the span alone", async () => {
    const { rows } = await rowsOf("limit 2");
    expect(rows.map((row) => row["@message"])).to.deep.equal([JSON.stringify(lines[2]), JSON.stringify(lines[1])]);
    const later = { startTime: noon / 1_000 + 1, endTime: noon / 1_000 + 60 };
    expect((await rowsOf("limit 2", later)).rows).to.deep.equal([]);
    const { rows: plain } = await rowsOf("fields @log, @logStream | filter @message like /plain/ | sort @log asc");
    expect(plain).to.deep.equal(
      [cart, till].map((group) => ({ "@log": `123456789012:${group}`, "@logStream": "one" })),
    );
  });

  it("refuses by name what it does not do, and says what it does not understand", async () => {
    const unsupported: Record<string, string> = {
      "parse @message /x/": "the command parse in a query",
      "stats stddev(ms)": "the statistic stddev in a query",
      "sort ms": "a sort without asc or desc in a query",
      "stats count(*) | filter a = 1": "a filter after stats in a query",
      "stats count(*) | stats count(*)": "a second stats in a query",
      "filter a = b": "b on the right of a comparison in a query",
      "filter a ~ 1": "",
      "fields a b": "b at its place in a query",
    };
    for (const [query, what] of Object.entries(unsupported)) {
      const { name, message } = await refusal(query);
      if (what) expect(message, query).to.equal(`The embedded cloud refuses this of logs: ${what} is not supported.`);
      else
        expect([name, message]).to.deep.equal([
          "InvalidParameterException",
          "unexpected symbol found ~ at 10 of the query",
        ]);
    }
    for (const query of ["limit 0", "limit x", "fields", "filter a in [1", "stats pct(ms, 101)", "filter a like 3"]) {
      expect(await refusal(query), query).to.have.property("name", "InvalidParameterException");
    }
    expect(await failure(logs.send(new GetQueryResultsCommand({ queryId: "nothing" })))).to.have.property(
      "name",
      "ResourceNotFoundException",
    );
    const backwards = new StartQueryCommand({ logGroupName: cart, queryString: "limit 1", startTime: 2, endTime: 1 });
    expect(await failure(logs.send(backwards))).to.have.property("name", "InvalidParameterException");
  });

  it("keeps queries as declared, under the same id each time, and refuses one that could not be asked", async () => {
    const inputs = { name: "shop/slow", queryString: "filter ms > 100 | limit 5", logGroupNames: [cart] };
    const { id, outputs } = await world.declare(saved, "slow", inputs);
    expect(outputs).to.include({ queryDefinitionId: id });
    expect((await world.declare(saved, "slow", inputs)).id).to.equal(id);
    const { queryDefinitions } = await logs.send(
      new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix: "shop/" }),
    );
    expect(queryDefinitions).to.deep.equal([{ ...inputs, queryDefinitionId: id, lastModified: noon }]);
    expect(await failure(world.declare(saved, "odd", { ...inputs, queryString: "dedup ms" })))
      .to.have.property("message")
      .that.includes(`${saved} odd: the command dedup in a query is not supported`);
  });
});
