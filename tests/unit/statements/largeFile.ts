import { readFileSync } from "node:fs";
import { read } from "../../../functions/processing/statements/read";
import type { StatementSource } from "../../../functions/processing/statements/statement";
import { survey } from "../../../functions/processing/statements/survey";

/** Reads a statement of as many bytes as are allowed, made while it is read, and says what it took. */
const bytesWanted = Number(process.argv[3]);
const pieceBytes = 64 * 1024;
const opening =
  "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>12345678</BANKACCTFROM><BANKTRANLIST>\n";
const closing = "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n";

const day = (at: number): string =>
  new Date(Date.parse("2020-01-01") + (at % 2_000) * 86_400_000).toISOString().slice(0, 10);

const kinds = {
  csv: {
    opening: "Date,Description,Amount,Balance\r\n",
    closing: "",
    row: (at: number) =>
      `${day(at)},"Card payment no. ${at}, somewhere in town",-${at % 900}.${10 + (at % 90)},${at}.00\r\n`,
  },
  ofx: {
    opening,
    closing,
    row: (at: number) =>
      `<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>${day(at).replaceAll("-", "")}<TRNAMT>-${at % 900}.${10 + (at % 90)}<FITID>${at}<NAME>Card payment</STMTTRN>\n`,
  },
};

const kind = kinds[process.argv[2] === "ofx" ? "ofx" : "csv"];
let rows = 0;

const source: StatementSource = {
  open: async function* () {
    let text = kind.opening;
    let sent = 0;
    for (rows = 0; sent + text.length + closing.length < bytesWanted - 200; rows++) {
      text += kind.row(rows);
      if (text.length < pieceBytes) continue;
      sent += text.length;
      yield Buffer.from(text);
      text = "";
    }
    yield Buffer.from(text + kind.closing);
  },
};

/** Of this program alone: what `getrusage` says begins with what the process had that started this one. */
const mostResident = (): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) * 1024;

const main = async (): Promise<void> => {
  const startedAt = performance.now();
  const found = await survey(source, { currency: "EUR" });
  let entries = 0;
  let badLines = 0;
  for await (const portion of read(source, found)) {
    entries += portion.entries.length;
    badLines += portion.badLines.length;
  }
  const { bytes, format } = found;
  const rss = mostResident();
  console.log(JSON.stringify({ format, bytes, rows, entries, badLines, rss, ms: performance.now() - startedAt }));
};

void main();
