import { createHash } from "node:crypto";
import { bounds } from "./bounds";
import { type CsvSurvey, surveyCsv } from "./csv/survey";
import { candidates, decoded, markedEncoding, NotInEncoding } from "./encoding";
import { formatOf } from "./format";
import { ofxReader } from "./ofx/document";
import { refusal } from "./refuse";
import type { Balance, Format, Hints, NamedAccount, StatementSource } from "./statement";

/** What has to be known of a file before its bookings can be read. */
export interface Survey {
  format: Format;
  encoding: string;
  bytes: number;
  /** Of the file as it is: two files with the same say the same. */
  sha256: string;
  /** That a booking has which names none. */
  currency?: string;
  account?: NamedAccount;
  balance?: Balance;
  csv?: CsvSurvey;
}

type Content = Omit<Survey, "encoding" | "bytes" | "sha256">;

interface Surveyor {
  push: (text: string) => void;
  end: () => Content;
}

const surveyOfx = (hints: Hints): Surveyor => {
  const reader = ofxReader(hints.currency);
  return {
    push: reader.push,
    end: () => {
      reader.end();
      const { quicken, ...facts } = reader.facts();
      return { format: quicken ? "qfx" : "ofx", ...facts };
    },
  };
};

const surveyRecords = (hints: Hints): Surveyor => {
  const surveyor = surveyCsv(hints);
  return {
    push: surveyor.push,
    end: () => {
      const csv = surveyor.end();
      return { format: "csv", csv, ...(csv.currency !== undefined && { currency: csv.currency }) };
    },
  };
};

const headBytes = 4_096;

const headOf = async (source: StatementSource): Promise<Uint8Array> => {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of source.open()) {
    pieces.push(piece.subarray(0, headBytes - length));
    length += piece.length;
    if (length >= headBytes) break;
  }
  return Buffer.concat(pieces);
};

/** Counts and hashes what passes through. */
const measured = (source: StatementSource) => {
  const digest = createHash("sha256");
  let bytes = 0;
  async function* open(): AsyncGenerator<Uint8Array> {
    for await (const piece of source.open()) {
      bytes += piece.length;
      if (bytes > bounds.fileBytes) throw refusal("file", `must have at most ${bounds.fileBytes} bytes`);
      digest.update(piece);
      yield piece;
    }
  }
  return { source: { open }, measure: () => ({ bytes, sha256: digest.digest("hex") }) };
};

const surveyAs = async (source: StatementSource, encoding: string, make: () => Surveyor): Promise<Survey> => {
  const { source: through, measure } = measured(source);
  const surveyor = make();
  for await (const text of decoded(through, encoding)) surveyor.push(text);
  return { ...surveyor.end(), encoding, ...measure() };
};

const agreed = (survey: Survey, hints: Hints, said: string | undefined): Survey => {
  if (hints.currency !== undefined && said !== undefined && said !== hints.currency) {
    throw refusal("file.currency", `is ${said}, while the account's is ${hints.currency}`);
  }
  return survey;
};

/** Reads a file through once without keeping anything of it, to find out what it is and how it has to be read. */
export const survey = async (source: StatementSource, hints: Hints = {}): Promise<Survey> => {
  const head = await headOf(source);
  const marked = markedEncoding(head);
  const format = formatOf(marked ? new TextDecoder(marked).decode(head) : Buffer.from(head).toString("latin1"));
  const make = () => (format === "ofx" ? surveyOfx(hints) : surveyRecords(hints));
  for (const encoding of candidates(head)) {
    try {
      const found = await surveyAs(source, encoding, make);
      return agreed(found, hints, found.csv ? found.csv.layout.currency : found.currency);
    } catch (error) {
      if (!(error instanceof NotInEncoding)) throw error;
    }
  }
  throw refusal("file", "is marked as UTF-8, and is not");
};
