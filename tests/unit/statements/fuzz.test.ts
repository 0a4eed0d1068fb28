import { expect } from "chai";
import fc from "fast-check";
import { Failure } from "../../../functions/processing/failure";
import { isCurrency } from "../../../functions/processing/ledger/money";
import type { Hints } from "../../../functions/processing/statements/statement";
import { readAll, sgml, xml } from "./samples";

const hostile = fc.constantFrom(
  "__proto__",
  "constructor",
  "toString",
  "\u0000",
  "\ufeff",
  "\uD800",
  "é漢😀\u202e",
  "'; DROP TABLE transactions; --",
  "<script>alert(1)</script>",
  "=cmd|' /C calc'!A0",
  "@SUM(1+1)*cmd",
  '"',
  '""',
  "\r",
  "\n",
  "\t",
  ";",
  ",",
  "<",
  ">",
  "</STMTTRN>",
  "<STMTTRN>",
  "<![CDATA[",
  "<!--",
  "&#x110000;",
  "9".repeat(400),
  "1e999",
  "NaN",
  "-0",
  "2024-02-30",
  "x".repeat(40_000),
  "<A>".repeat(60),
);

const csv = [
  "Buchungstag;Empfänger;Verwendungszweck;Betrag;Währung",
  '05.01.2024;REWE;"Einkauf ""frisch""";-12,50;EUR',
  '16.01.2024;Arbeit;"Gehalt\nJan";1.234,56;EUR',
].join("\r\n");
const booking = "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20240105<TRNAMT>-12.50<FITID>A1<NAME>Shop<MEMO>x</STMTTRN>";
const samples = [csv, sgml(booking), xml(booking), "Date,Description,Debit,Credit,CR/DR\n2024-01-05,Tea,1.00,,DR\n"];

/** A sample with pieces of it taken out, doubled, or replaced by what should not be there. */
const spoilt = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 60 }), hostile), {
      maxLength: 6,
    }),
  )
  .map(([sample, changes]) =>
    changes.reduce((text, [place, length, piece]) => {
      const at = Math.floor(place * text.length);
      return text.slice(0, at) + piece + text.slice(at + length);
    }, sample),
  );

const encoded = (text: string, how: string): Buffer =>
  how === "utf16" ? Buffer.from(`\ufeff${text}`, "utf16le") : Buffer.from(text, how === "latin1" ? "latin1" : "utf8");

const hints = fc.record<Hints>({
  currency: fc.constantFrom("EUR", "JPY", undefined),
  dateOrder: fc.constantFrom("DMY", "MDY", undefined),
  decimalMark: fc.constantFrom(",", undefined),
});

/** Reads it, or is refused with a reason that names what is wrong; what comes out is always fit to be stored. */
const readOrRefused = async (bytes: Buffer, given: Hints, pieceBytes: number): Promise<"read" | "refused"> => {
  try {
    const { entries, badLines } = await readAll(bytes, given, pieceBytes);
    for (const { date, amount, currency, description, payee, bankId, line } of entries) {
      expect(new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10)).to.equal(date);
      expect(Number.isSafeInteger(amount) && !Object.is(amount, -0)).to.equal(true);
      expect(isCurrency(currency)).to.equal(true);
      expect(line).to.be.greaterThan(0);
      for (const text of [description, payee ?? "", bankId ?? ""]) {
        expect(text).not.to.match(/[\p{Cc}\p{Cs}]/u);
        expect(text.length).to.be.lessThan(501);
      }
    }
    for (const { reason, field } of badLines) expect(`${field} ${reason}`).to.match(/^[\w.]+ [^\n]{5,120}$/);
    return "read";
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.category).to.equal("validation");
    expect(error.message).to.match(/^file(\.\w+)? [^\n]{5,200}$/);
    return "refused";
  }
};

describe("a statement of anything", () => {
  it("is read or refused, never more: spoilt samples", async () => {
    const ends = { read: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        spoilt,
        fc.constantFrom("utf8", "latin1", "utf16"),
        hints,
        fc.integer({ min: 1, max: 5_000 }),
        async (text, how, given, piece) => {
          ends[await readOrRefused(encoded(text, how), given, piece)]++;
        },
      ),
      { numRuns: 600, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: true },
    );
    expect(ends.read).to.be.greaterThan(50);
    expect(ends.refused).to.be.greaterThan(50);
  });

  it("is read or refused, never more: bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), hints, async (bytes, given) => {
        await readOrRefused(Buffer.from(bytes), given, 7);
      }),
      { numRuns: 400 },
    );
  });

  it("is read or refused, never more: cut off anywhere", async () => {
    for (const sample of samples) {
      const bytes = Buffer.from(sample);
      for (let length = 0; length <= bytes.length; length += 3) {
        await readOrRefused(bytes.subarray(0, length), { currency: "EUR", dateOrder: "DMY", decimalMark: "," }, 64);
      }
    }
  });

  it("keeps script and formula as the text that they are", async () => {
    const { entries } = await readAll(
      `Date,Description,Amount\n2024-01-05,"=HYPERLINK(""http://x"")",1.00\n2024-01-06,<script>alert(1)</script>,1.00\n2024-01-07,__proto__,1.00\n`,
      { currency: "EUR" },
    );
    expect(entries.map(({ description }) => description)).to.deep.equal([
      '=HYPERLINK("http://x")',
      "<script>alert(1)</script>",
      "__proto__",
    ]);
  });
});
