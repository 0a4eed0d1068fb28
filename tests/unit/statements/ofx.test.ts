import { expect } from "chai";
import { readAll, refusalOf, sgml, told, xml } from "./samples";

const booking = (id: string, over = ""): string =>
  `<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20240105120000[-5:EST]<TRNAMT>-12.50<FITID>${id}<NAME>Shop${over}</STMTTRN>\n`;

describe("a statement as OFX", () => {
  it("1.x, whose values have no closing tags", async () => {
    const all = await readAll(
      sgml(
        `${booking("A1", " &amp; Sons < Co<MEMO>")}<STMTTRN>\n<TRNTYPE>CREDIT\n<DTPOSTED>20240106\n<TRNAMT>1,000.00\n<FITID>A2\n<NAME>Pay\n<MEMO>A<B\n</STMTTRN>\n`,
      ),
    );
    expect(told(all)).to.deep.equal([
      ["2024-01-05", -1_250, "Shop & Sons < Co"],
      ["2024-01-06", 100_000, "Pay A<B"],
    ]);
    expect(all.entries.map(({ bankId, currency }) => [bankId, currency])).to.deep.equal([
      ["A1", "USD"],
      ["A2", "USD"],
    ]);
    expect(all.survey).to.deep.include({
      format: "ofx",
      currency: "USD",
      account: { ending: "6789", kind: "CHECKING" },
      balance: { amount: 150_025, currency: "USD", date: "2024-01-31" },
    });
    expect(JSON.stringify(all.survey)).not.to.contain("23456789");
    expect(all.badLines).to.deep.equal([]);
  });

  it("2.x, of a credit card", async () => {
    const all = await readAll(
      xml(`<STMTTRN><TRNTYPE>DEBIT</TRNTYPE><DTPOSTED>20240105000000.000[0:GMT]</DTPOSTED><TRNAMT>-12,50</TRNAMT>
        <FITID>1</FITID><PAYEE><NAME>Caf&#233; &lt;b&gt;</NAME><CITY>X</CITY></PAYEE><MEMO><![CDATA[Zwei & <drei>]]></MEMO></STMTTRN>
        <STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>20240106</DTPOSTED><TRNAMT>+5</TRNAMT><FITID>2</FITID><NAME/>
        <CURRENCY><CURRATE>160</CURRATE><CURSYM>JPY</CURSYM></CURRENCY></STMTTRN>`),
    );
    expect(told(all)).to.deep.equal([
      ["2024-01-05", -1_250, "Café <b> Zwei & <drei>"],
      ["2024-01-06", 5, "CREDIT"],
    ]);
    expect(all.entries.map(({ currency }) => currency)).to.deep.equal(["EUR", "JPY"]);
    expect(all.survey.account).to.deep.equal({ ending: "1111", kind: "CREDITCARD" });
    expect(all.survey.balance).to.deep.equal({ amount: -1_234, currency: "EUR", date: "2024-01-31" });
  });

  it("QFX, with what Quicken adds", async () => {
    const quicken = sgml(booking("A1")).replace("</SONRS>", "<INTU.BID>3000<INTU.USERID>somebody</SONRS>");
    const all = await readAll(quicken);
    expect(all.survey.format).to.equal("qfx");
    expect(told(all)).to.deep.equal([["2024-01-05", -1_250, "Shop"]]);
  });

  it("in the encoding that it uses, whatever it declares", async () => {
    const text = sgml(booking("A1", " Größe"));
    expect(told(await readAll(Buffer.from(text, "utf8")))[0]?.[2]).to.equal("Shop Größe");
    expect(told(await readAll(Buffer.from(text, "latin1")))[0]?.[2]).to.equal("Shop Größe");
    const cyrillic = xml(booking("A1", " \u00cc\u00e8\u00f0"), "windows-1251");
    expect(told(await readAll(Buffer.from(cyrillic, "latin1")))[0]?.[2]).to.equal("Shop Мир");
    const wide = Buffer.from(`\ufeff${text}`, "utf16le");
    expect((await readAll(wide)).survey.encoding).to.equal("utf-16le");
    expect(told(await readAll(Buffer.from(wide).swap16()))[0]?.[2]).to.equal("Shop Größe");
  });

  it("names each booking that it cannot read", async () => {
    const bad = (fields: string) => `<STMTTRN>${fields}</STMTTRN>\n`;
    const all = await readAll(
      sgml(
        [
          bad("<DTPOSTED>20240199<TRNAMT>1<FITID>1"),
          bad("<TRNAMT>1<FITID>2"),
          bad("<DTPOSTED>20240101<TRNAMT>1.005<FITID>3"),
          bad("<DTPOSTED>20240101<FITID>4"),
          bad("<DTPOSTED>20240101<TRNAMT>1<FITID>5<CORRECTFITID>1<CORRECTACTION>DELETE"),
          bad("<DTPOSTED>20240101<TRNAMT>1<CURRENCY><CURSYM>XYZ</CURRENCY>"),
          bad(`<DTPOSTED>20240101<TRNAMT>1<FITID>${"9".repeat(300)}`),
          bad("<DTPOSTED>20240101250000<TRNAMT>1<FITID>8"),
          bad("<DTPOSTED>20240101<TRNAMT>-100000000000.01<FITID>10"),
          "<STMTTRN><DTPOSTED>20240101<TRNAMT>1<FITID>9\n",
          booking("good"),
        ].join(""),
      ),
    );
    expect(told(all)).to.have.length(1);
    expect(all.badLines.map(({ field, reason }) => `${field} ${reason}`)).to.deep.equal([
      "DTPOSTED must be a day that exists, as YYYYMMDD",
      "DTPOSTED is missing",
      "TRNAMT must be an amount of USD with 2 decimals at most",
      "TRNAMT is missing",
      "CORRECTFITID corrects an earlier booking: corrections are not applied",
      "CURDEF must be a currency's code",
      "FITID must have at most 255 characters",
      "DTPOSTED must be a day that exists, as YYYYMMDD",
      "TRNAMT must be at most 10000000000000 of the currency's smallest unit",
      "STMTTRN is cut off",
    ]);
  });

  it("that ends too early says so, and gives what came before", async () => {
    const whole = sgml(booking("A1") + booking("A2"));
    const cut = whole.slice(0, whole.indexOf("A2"));
    const all = await readAll(cut);
    expect(told(all)).to.have.length(1);
    expect(all.badLines.map(({ field, reason }) => `${field} ${reason}`)).to.deep.equal([
      "STMTTRN is cut off",
      "file ends before its last tag",
    ]);
  });

  it("without a currency is of its account's", async () => {
    const none = sgml(booking("A1"), "");
    expect((await readAll(none, { currency: "CAD" })).entries[0]?.currency).to.equal("CAD");
    expect((await readAll(none)).badLines.map(({ field }) => field)).to.deep.equal(["CURDEF"]);
    expect(await refusalOf(sgml(booking("A1")), { currency: "CAD" })).to.equal(
      "file.currency is USD, while the account's is CAD",
    );
  });

  it("may hold no booking at all", async () => {
    expect(told(await readAll(sgml("")))).to.deep.equal([]);
  });

  const several = sgml(booking("A1")).replace(
    "</BANKMSGSRSV1>",
    `<STMTTRNRS><STMTRS><CURDEF>USD
    <BANKACCTFROM><BANKID>121000248<ACCTID>999999999</BANKACCTFROM></STMTRS></STMTTRNRS></BANKMSGSRSV1>`,
  );
  for (const [what, content, reason] of [
    [
      "declares a document type",
      '<?xml version="1.0"?><OFX><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]></OFX>',
      "file must not declare a document type",
    ],
    [
      "declares entities first",
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "&b;&b;">]><OFX/>',
      "file is XML, but not OFX: download the statement as CSV, OFX or QFX",
    ],
    ["is nested too deep", `<OFX>${"<A>".repeat(100)}</OFX>`, "file must not be nested deeper than 40, is on line 1"],
    [
      "has an endless value",
      `<OFX><NAME>${"x".repeat(20_000)}`,
      "file must have values of at most 16384 characters, has a longer one on line 1",
    ],
    [
      "has an endless tag",
      `<OFX><NAME ${"x".repeat(2_000)}`,
      "file must have tags of at most 1024 characters, has a longer one on line 1",
    ],
    [
      "is of investments",
      "<OFX><INVSTMTMSGSRSV1><INVSTMTTRNRS><INVSTMTRS>",
      "file is a statement of investments: those of banks and credit cards are read",
    ],
    ["holds several accounts", several, "file holds the statements of several accounts: download each by itself"],
    [
      "is only a refusal",
      "<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>15500<SEVERITY>ERROR</STATUS></OFX>",
      "file says that the bank gave no statement (code 15500)",
    ],
    ["holds no statement", "<OFX></OFX>", "file holds no statement of a bank or a credit card"],
    ["names no known currency", sgml("", "<CURDEF>ZZZ"), "file.CURDEF must be a currency's code"],
  ] as const) {
    it(`is refused where it ${what}`, async () => {
      expect(await refusalOf(content)).to.equal(reason);
    });
  }

  it("expands nothing that it does not know", async () => {
    const all = await readAll(sgml(booking("A1", " &lol9; &#0; &#x1F600; &#xD800; &constructor;")));
    expect(told(all)[0]?.[2]).to.equal("Shop &lol9; &#0; 😀 &#xD800; &constructor;");
  });
});
