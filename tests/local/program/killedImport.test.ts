import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { findIssuer } from "../../../commands/token/issuer";
import { signInTester } from "../../../commands/token/signIn";
import { keptState } from "./keptState";
import { kill } from "./started";

const prefix = "signal9-dev-";
const many = 1_000;
/** As many as are stored before the second round begins. */
const firstRound = 594;
const hour = 3_600_000;
/** Alike in all but the number, so that what is lost or doubled shows in the sum as well. */
const statement = [
  "Date,Description,Amount",
  ...Array.from({ length: many }, (_, at) => `2024-01-${10 + (at % 20)},Shop ${at},-${1 + at}.00`),
].join("\n");

type Row = Record<string, unknown>;

describe("an import under a kill -9 of the whole cloud", function () {
  this.timeout(300_000);
  const state = keptState();

  const up = async () => {
    const { run, reach } = await state.up();
    const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient(reach));
    const rowsOf = async (table: string): Promise<Row[]> => {
      const rows: Row[] = [];
      let start: Row | undefined;
      do {
        const TableName = `${prefix}${table}`;
        const page = await dynamodb.send(
          new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey: start }),
        );
        rows.push(...(page.Items ?? []));
        start = page.LastEvaluatedKey;
      } while (start);
      return rows;
    };
    const signIn = async () => {
      const issuer = await findIssuer(reach, "dev");
      const { AccessToken } = await signInTester(reach, issuer, "ann");
      return async (method: string, path: string, body?: unknown) => {
        const headers = { authorization: `Bearer ${AccessToken}`, "content-type": "application/json" };
        const sent = body === undefined ? {} : { body: JSON.stringify(body) };
        return (await (await fetch(`${issuer.api}${path}`, { method, headers, ...sent })).json()) as Row;
      };
    };
    return { run, rowsOf, signIn };
  };

  /** A reader that never comes to its second round. */
  const stopInTheMiddle = () => {
    const path = state.ofProgram("functions/processing/files/gather.ts");
    const text = readFileSync(path, "utf8");
    const stopping = text.replace(
      "    progress = await storeRound(",
      "    if (progress.entries > 0) await new Promise((later) => setTimeout(later, 250_000));\n    progress = await storeRound(",
    );
    expect(stopping).not.to.equal(text);
    writeFileSync(path, stopping);
    return () => writeFileSync(path, text);
  };

  it("is finished after the restart, with nothing lost and nothing doubled", async () => {
    const restore = stopInTheMiddle();
    const first = await up();
    const call = await first.signIn();
    const fileSize = Buffer.byteLength(statement);
    const { accountId } = await call("POST", "/accounts", { name: "Current", type: "checking", currency: "EUR" });
    const announced = await call("POST", "/files", { fileName: "january.csv", fileSize, accountId });
    const upload = announced["upload"] as { url: string; headers: Record<string, string> };
    const { "content-length": _, ...headers } = upload.headers;
    expect((await fetch(upload.url, { method: "PUT", headers, body: statement })).status).to.equal(200);
    const { fileId } = announced["file"] as { fileId: string };
    while ((await first.rowsOf("transactions")).length < firstRound) await sleep(50);
    expect(await call("GET", `/files/${fileId}`)).to.include({ status: "processing" });
    expect((await call("GET", "/transactions"))["items"]).to.deep.equal([]);
    await kill(first.run);
    restore();
    // By then the queue takes the reader for dead.
    writeFileSync(state.ofData("clock.jsonl"), `{"offset":${hour}}\n`);

    const second = await up();
    const file = async () => (await second.rowsOf("files")).find((row) => row["fileId"] === fileId);
    const events = async (type: string) =>
      (await second.rowsOf("event-store")).filter((row) => row["event_type"] === type);
    const figures = async () =>
      (await second.rowsOf("analytics-status")).find((row) => row["analytics_key"] === "RESULT#cash_flow");
    expect((await second.rowsOf("transactions")).length).to.be.at.least(firstRound);
    while (!(await figures())) await sleep(100);
    expect(await file()).to.deep.include({ status: "success", transactionCount: many, duplicateCount: 0 });
    const rows = await second.rowsOf("transactions");
    expect(rows).to.have.length(many);
    expect(new Set(rows.map((row) => row["description"])).size).to.equal(many);
    expect(await events("file.uploaded")).to.have.length(1);
    expect(await events("file.processed")).to.have.length(1);
    expect((await figures())?.["result"]).to.deep.equal({
      currencies: [
        {
          currency: "EUR",
          months: [
            {
              month: "2024-01",
              income: 0,
              expenses: (100 * many * (many + 1)) / 2,
              net: (-100 * many * (many + 1)) / 2,
              transactions: many,
            },
          ],
        },
      ],
    });
    expect(await second.rowsOf("dead-letters")).to.deep.equal([]);
  });
});
