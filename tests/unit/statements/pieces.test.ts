import { expect } from "chai";
import fc from "fast-check";
import { recordReader } from "../../../functions/processing/statements/csv/records";
import { tokenizer } from "../../../functions/processing/statements/ofx/tokens";

/** All that a reader makes of a text which arrives in pieces of these lengths. */
const inPieces = <T>(reader: { push: (text: string) => T[]; end: () => T[] }, text: string, lengths: number[]): T[] => {
  const all: T[] = [];
  let at = 0;
  for (const length of lengths) {
    all.push(...reader.push(text.slice(at, at + length)));
    at += length;
  }
  return [...all, ...reader.push(text.slice(at)), ...reader.end()];
};

const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 200 });
const textOf = (...parts: string[]) =>
  fc.array(fc.constantFrom(...parts), { maxLength: 60 }).map((some) => some.join(""));

describe("a text that arrives in pieces", () => {
  it("is cut into the same records, wherever the pieces end", () => {
    const csv = textOf('"', '""', ",", "\n", "\r\n", "\r", "a", "bc", " ", "\u00e9", "😀");
    fc.assert(
      fc.property(csv, lengths, (text, cuts) => {
        expect(inPieces(recordReader(","), text, cuts)).to.deep.equal(inPieces(recordReader(","), text, []));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is cut into the same tags, wherever the pieces end", () => {
    const ofx = textOf(
      "<A>",
      "</A>",
      "<B/>",
      "text",
      "<",
      ">",
      "&amp;",
      "&",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      "\n",
      "<?x",
      "?>",
    );
    fc.assert(
      fc.property(ofx, lengths, (text, cuts) => {
        const joined = (tokens: ReturnType<typeof inPieces>) => JSON.stringify(tokens);
        expect(joined(inPieces(tokenizer(), text, cuts))).to.equal(joined(inPieces(tokenizer(), text, [])));
      }),
      { numRuns: 2_000 },
    );
  });

  it("gives back the cells that a program wrote, whatever is in them", () => {
    const cell = fc.oneof(fc.string({ unit: "grapheme", maxLength: 12 }), textOf('"', ",", "\n", "\r\n", "x"));
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        table,
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.constantFrom(",", ";", "\t", "|"),
        lengths,
        (rows, end, delimiter, cuts) => {
          const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(delimiter)).join(end);
          const records = inPieces(recordReader(delimiter), text, cuts);
          expect(records.map((record) => ("cells" in record ? record.cells : record))).to.deep.equal(rows);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
