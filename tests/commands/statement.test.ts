import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { sgml } from "../unit/statements/samples";

const root = resolve(__dirname, "../..");

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

const statement = (...args: string[]): Promise<Ended> =>
  new Promise((done) => {
    execFile(
      process.execPath,
      ["-r", "./local/engine/typescript.cjs", "commands/statement.ts", ...args],
      { cwd: root },
      (error, stdout, stderr) => done({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });

const german = [
  '"Buchungstag";"Verwendungszweck";"Betrag (€)"',
  '"05.01.2024";"REWE";"-12,50"',
  '"05.01.2024";"REWE";"-12,50"',
  '"06.01.2024";"Lohn";"1.000,00"',
  '"32.01.2024";"Nie";"1,00"',
].join("\n");
const booking = "<STMTTRN><DTPOSTED>20240105<TRNAMT>-5<FITID>1<NAME>Ramen</STMTTRN>";

describe("npm run statement", function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-statement-"));
  });
  after(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  it("shows what would be read, and which lines could not be", async () => {
    const { code, stdout } = await statement(file("a.csv", german), "--most", "2");
    expect(code).to.equal(0);
    expect(stdout.split("\n")).to.deep.equal([
      `file     csv, utf-8, ${Buffer.byteLength(german)} bytes, EUR`,
      "layout   semicolon; dates DMY; decimal ,",
      "columns  date 1, description 2, amount 3",
      "bookings 3, bad lines 1, passed over 1",
      "",
      "       2  2024-01-05        -12.50 EUR  REWE",
      "       3  2024-01-05        -12.50 EUR  REWE (alike: no. 2)",
      "  … and 1 more",
      "  line 5: date must be a day that exists, as DMY",
      "",
    ]);
  });

  it("shows the account by the end of its number only", async () => {
    const { stdout } = await statement(file("a.ofx", sgml(booking, "<CURDEF>JPY").replace("1500.25", "1500")));
    expect(stdout).to.contain("account  CHECKING …6789\nbalance  1500 JPY on 2024-01-31\n").and.not.contain("56789");
    expect(stdout).to.contain("            -5 JPY  Ramen");
  });

  it("tells machines everything", async () => {
    const { stdout } = await statement(file("a.csv", german), "--json");
    const { survey, entries, entryCount, badLines } = JSON.parse(stdout);
    expect([survey.format, entryCount, entries.length]).to.deep.equal(["csv", 3, 3]);
    expect(badLines).to.deep.equal([{ line: 5, field: "date", reason: "must be a day that exists, as DMY" }]);
  });

  it("reads as it is told to, and says why it cannot", async () => {
    const path = file("b.csv", "Date,Text,Amount\n01/02/2024,A,1.00\n");
    const refused = await statement(path);
    expect([refused.code, refused.stderr]).to.deep.equal([
      2,
      "file.date could mean DMY or MDY: say which as dateOrder, or write YYYY-MM-DD.\n",
    ]);
    const read = await statement(path, "--date-order", "DMY", "--decimal-mark", ".", "--currency", "EUR");
    expect(read.stdout).to.contain("2024-02-01          1.00 EUR  A");
  });

  for (const [args, message] of [
    [[], "Name one file."],
    [["none.csv"], "There is no file none.csv."],
    [["package.json/none.csv"], "There is no file package.json/none.csv."],
    [["docs"], "docs is a folder. Name one file in it."],
    [["/dev/null"], "/dev/null is no file that could be read twice."],
    [["package.json", "--most", "x"], "--most must be a whole number."],
    [["package.json", "--currency", "EURO"], "--currency must be a currency of three capital letters such as EUR."],
    [["package.json", "--odd"], "Unknown option '--odd'"],
  ] as const) {
    it(`refuses ${args.join(" ") || "to guess the file"}`, async () => {
      const { code, stderr } = await statement(...args);
      expect(code).to.equal(2);
      expect(stderr).to.contain(message);
    });
  }

  it("explains itself", async () => {
    expect((await statement("--help")).stdout).to.contain("Usage: npm run statement -- FILE");
  });
});
