import { read } from "../../../functions/processing/statements/read";
import type { BadLine, Entry, Hints, StatementSource } from "../../../functions/processing/statements/statement";
import { type Survey, survey } from "../../../functions/processing/statements/survey";

/** A file of these bytes, which arrives in pieces. */
export const sourceOf = (content: string | Uint8Array, pieceBytes = 1_000): StatementSource => {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return {
    open: async function* () {
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
    },
  };
};

export interface WhatWasRead {
  survey: Survey;
  entries: Entry[];
  badLines: BadLine[];
  remarks: number;
}

/** All that a file says. */
export const readAll = async (
  content: string | Uint8Array,
  hints: Hints = {},
  pieceBytes?: number,
): Promise<WhatWasRead> => {
  const source = sourceOf(content, pieceBytes);
  const found = await survey(source, hints);
  const all: WhatWasRead = { survey: found, entries: [], badLines: [], remarks: 0 };
  for await (const { entries, badLines, remarks } of read(source, found)) {
    all.entries.push(...entries);
    all.badLines.push(...badLines);
    all.remarks += remarks;
  }
  return all;
};

/** Why a file is refused. */
export const refusalOf = async (content: string | Uint8Array, hints: Hints = {}): Promise<string> => {
  try {
    await readAll(content, hints);
  } catch (error) {
    if (error instanceof Error && error.name === "Failure") return error.message;
    throw error;
  }
  throw new Error("the file was not refused");
};

/** Day, amount and description of each booking: what most tests are about. */
export const told = ({ entries }: WhatWasRead): [string, number, string][] =>
  entries.map(({ date, amount, description }) => [date, amount, description]);

const ofxHeader = `OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

`;

const signOn = `<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20240201120000
<LANGUAGE>ENG<FI><ORG>Example Bank<FID>1234</FI></SONRS></SIGNONMSGSRSV1>
`;

/** A bank's statement in OFX 1, with these bookings. */
export const sgml = (
  bookings: string,
  currency = "<CURDEF>USD",
): string => `${ofxHeader}${signOn}<BANKMSGSRSV1><STMTTRNRS>
<TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS>${currency}
<BANKACCTFROM><BANKID>121000248<ACCTID>0001-234-56789<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20240101<DTEND>20240131
${bookings}</BANKTRANLIST>
<LEDGERBAL><BALAMT>1500.25<DTASOF>20240131</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
`;

/** A credit card's statement in OFX 2, with these bookings. */
export const xml = (bookings: string, encoding = "UTF-8"): string => `<?xml version="1.0" encoding="${encoding}"?>
<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>
<OFX>
  <CREDITCARDMSGSRSV1><CCSTMTTRNRS><TRNUID>0</TRNUID><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>
    <CCSTMTRS><CURDEF>EUR</CURDEF><CCACCTFROM><ACCTID>4111111111111111</ACCTID></CCACCTFROM>
      <BANKTRANLIST><DTSTART>20240101</DTSTART><DTEND>20240131</DTEND>
${bookings}
      </BANKTRANLIST>
      <LEDGERBAL><BALAMT>-12,34</BALAMT><DTASOF>20240131</DTASOF></LEDGERBAL>
    </CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1>
</OFX>
`;
