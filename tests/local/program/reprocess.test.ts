import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dataTypes } from "../../../functions/processing/fundamentals/dataTypes";
import { readBook } from "./book";
import { prefix, type Shared, sharedCloud } from "./sharedCloud";

const root = resolve(__dirname, "../../..");

describe("npm run reprocess", function () {
  this.timeout(120_000);
  let shared: Shared;
  before(async () => {
    shared = await sharedCloud();
    await shared.newDay();
    await shared.turnTo(4.1, { only: ["asset-sync"] });
    for (const assetId of ["AAPL", "KO"]) {
      await shared.tell({
        type: "pollenationNeeded",
        detail: { assetId, dataTypes: [...dataTypes], priority: "high" },
      });
    }
    await shared.up.settle();
  });

  const reprocess = (...args: string[]): Promise<{ code: number; output: string; complaint: string }> =>
    new Promise((done) => {
      const command = ["-r", "./local/engine/typescript.cjs", "commands/reprocess.ts", ...args];
      execFile(process.execPath, [...command, "--endpoint", shared.up.url], { cwd: root }, (error, output, complaint) =>
        done({ code: Number(error?.code ?? 0), output, complaint }),
      );
    });

  it("makes everything anew from what is kept, as a process of its own, and asks no provider", async () => {
    const before = await readBook(shared);
    const head = before.heads.find(({ asset_id, type }) => asset_id === "ASSET#KO" && type === "cash_flow");
    const [[name, entry]] = Object.entries(head?.current ?? {}) as [[string, string]];
    const { type: _, ...stored } = head ?? expect.fail("KO has no cash flow");
    const current = { ...stored.current, [name]: entry.replace(/#.*/, "#misread") };
    await shared.clients.dynamodb.send(
      new PutCommand({ TableName: `${prefix}cash-flow`, Item: { ...stored, current } }),
    );
    const calls = shared.calls().length;

    const dry = await reprocess("KO", "--dry-run");
    expect(dry.output).to.match(/^5 answers about 1 companies were read; nothing was written/);
    expect(dry.output).to.match(/ 0 new, 1 made anew, \d+ as before, 0 older than what counts\n/);

    const all = await reprocess("--json");
    expect(all.complaint).to.equal("");
    const report = JSON.parse(all.output) as { companies: { assetId: string; type: string; restated: number }[] };
    expect(report.companies).to.have.length(10);
    const remade = report.companies.filter(({ restated }) => restated > 0);
    expect(remade.map(({ assetId, type }) => `${assetId} ${type}`)).to.deep.equal(["KO cash_flow"]);
    const after = await readBook(shared);
    expect(after.reports.length).to.equal(before.reports.length + 1);
    for (const row of before.reports) expect(after.reports).to.deep.include(row);

    const second = await reprocess();
    expect(second.output).to.match(/^10 answers about 2 companies were read\n {2}reports: 0 new, 0 made anew, /);
    expect(await readBook(shared)).to.deep.include({ reports: after.reports, heads: after.heads });
    expect(shared.calls().length).to.equal(calls);
  });

  it("says what it cannot do", async () => {
    const { code, complaint } = await reprocess("NOBODY");
    expect([code, complaint.trim()]).to.deep.equal([2, "No answer about NOBODY is kept"]);
    const wrong = await reprocess("--all");
    expect(wrong.code).to.equal(2);
    expect(wrong.complaint).to.include("Usage: npm run reprocess");
  });
});
