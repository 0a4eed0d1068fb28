import { expect } from "chai";
import { readAll, refusalOf, told } from "./samples";

describe("a statement as CSV", () => {
  it("of an American bank", async () => {
    const all = await readAll(
      'Date,Description,Amount,Balance\r\n01/15/2024,COFFEE SHOP,-4.50,100.00\r\n02/01/2024,"PAY, ""INC""","1,234.56",1334.56\r\n',
      { currency: "USD" },
    );
    expect(told(all)).to.deep.equal([
      ["2024-01-15", -450, "COFFEE SHOP"],
      ["2024-02-01", 123_456, 'PAY, "INC"'],
    ]);
    expect(all.survey).to.include({ format: "csv", encoding: "utf-8", currency: "USD" });
    expect(all.survey.csv).to.include({ dateOrder: "MDY", decimalMark: "." });
    expect(all.badLines).to.deep.equal([]);
  });

  it("of a German bank, with lines before the headings and a sum below", async () => {
    const all = await readAll(
      [
        '"Umsatzanzeige";"Girokonto"',
        '"Zeitraum:";"01.01.2024 - 31.01.2024"',
        "",
        '"Buchungstag";"Valuta";"Auftraggeber / Empfänger";"Verwendungszweck";"Betrag (€)";"Saldo"',
        '"05.01.2024";"05.01.2024";"REWE";"Einkauf 12";"-12,50";"987,50"',
        '"08.01.2024";"08.01.2024";"Arbeit GmbH";"Gehalt\nJanuar";"1.234,56";"2.222,06"',
        '"09.01.2024";"09.01.2024";"Bäckerei";"Brot";"-3,10 ";"2.218,96"',
        '"Summe";"";"";"";"1.218,96";""',
      ].join("\r\n"),
    );
    expect(told(all)).to.deep.equal([
      ["2024-01-05", -1_250, "REWE Einkauf 12"],
      ["2024-01-08", 123_456, "Arbeit GmbH Gehalt Januar"],
      ["2024-01-09", -310, "Bäckerei Brot"],
    ]);
    expect(all.entries.map(({ line, currency, payee }) => [line, currency, payee])).to.deep.equal([
      [5, "EUR", "REWE"],
      [6, "EUR", "Arbeit GmbH"],
      [8, "EUR", "Bäckerei"],
    ]);
    expect(all.badLines).to.deep.equal([]);
  });

  it("of a French bank, in Windows' encoding, with blanks between the thousands", async () => {
    const bytes = Buffer.from(
      "Date;Libell\u00e9;Montant\n31/01/2024;Loyer \u20ac;-1\u00a0234,50 \u20ac\n",
      "utf8",
    ).toString("utf8");
    const windows = Buffer.from(
      [...bytes].map((character) => (character === "€" ? 0x80 : (character.codePointAt(0) ?? 0))),
    );
    const all = await readAll(windows);
    expect(told(all)).to.deep.equal([["2024-01-31", -123_450, "Loyer €"]]);
    expect(all.survey.encoding).to.equal("windows-1252");
    expect(all.entries[0]?.currency).to.equal("EUR");
  });

  it("of a Dutch bank, where a word says which way the money went", async () => {
    const all = await readAll(
      "Datum;Naam / Omschrijving;Af Bij;Bedrag (EUR)\n20240105;Albert;Af;12,50\n20240113;Loon;Bij;1200,00\n",
    );
    expect(told(all)).to.deep.equal([
      ["2024-01-05", -1_250, "Albert"],
      ["2024-01-13", 120_000, "Loon"],
    ]);
  });

  it("where only a word says which way the money went, whatever its column is called", async () => {
    const shop = ["2024-01-25", -5_420, "Shop"];
    const both = [shop, ["2024-01-26", 250_000, "Pay"]];
    const unsigned = (name: string, [out, into]: [string, string]) =>
      `Date,Description,Amount,${name}\n2024-01-25,Shop,54.20,${out}\n2024-01-26,Pay,2500.00,${into}\n`;
    for (const [name, words] of [
      ["Transaction Type", ["debit", "credit"]],
      ["Credit or Debit", ["Debit", "Credit"]],
      ["Soll/Haben-Kennzeichen", ["S", "H"]],
      [" ", ["S", "H"]],
      ["Which way", ["DR", "CR"]],
    ] as const) {
      expect(told(await readAll(unsigned(name, [...words]), { currency: "EUR" })), name).to.deep.equal(both);
    }
    const outOnly = "Date,Description,Amount,\n2024-01-25,Shop,54.20,S\n";
    expect(told(await readAll(outOnly, { currency: "EUR" }))).to.deep.equal([shop]);
    const noText = "Date,Transaction Type,Amount\n2024-01-25,Debit,54.20\n2024-01-26,Credit,2500.00\n";
    expect(told(await readAll(noText, { currency: "EUR" }))).to.deep.equal([
      ["2024-01-25", -5_420, ""],
      ["2024-01-26", 250_000, ""],
    ]);
  });

  it("where a sign says which way the money went, and words like those for it mean something else", async () => {
    const all = await readAll("Date,Description,Amount,Card\n2024-01-25,Shop,-54.20,D\n2024-01-26,Pay,2500.00,D\n", {
      currency: "EUR",
    });
    expect(told(all).map(([, amount]) => amount)).to.deep.equal([-5_420, 250_000]);
    const kinds = "Date,Transaction Type,Amount\n2024-01-25,Purchase,54.20\n2024-01-26,Refund,25.00\n";
    expect(told(await readAll(kinds, { currency: "EUR" }))).to.deep.equal([
      ["2024-01-25", 5_420, "Purchase"],
      ["2024-01-26", 2_500, "Refund"],
    ]);
  });

  it("with debit and credit in columns of their own", async () => {
    const all = await readAll(
      [
        "Transaction Date\tDetails\tPaid out\tPaid in",
        "5 Jan 2024\tATM\t£20.00\t",
        "6 January 2024\tPay\t\t£1,100.00",
        "7-Jan-24\tFee\t-1.00\t0.00",
        "8 Jan 2024\tBoth\t1.00\t2.00",
        "9 Jan 2024\tNone\t\t",
      ].join("\n"),
    );
    expect(told(all)).to.deep.equal([
      ["2024-01-05", -2_000, "ATM"],
      ["2024-01-06", 110_000, "Pay"],
    ]);
    expect(all.badLines).to.deep.equal([
      { line: 4, field: "currency", reason: "is not named by the line, the file or the account" },
      { line: 5, field: "currency", reason: "is not named by the line, the file or the account" },
      { line: 6, field: "amount", reason: "is missing" },
    ]);
    const known = await readAll("Date,Text,Debit,Credit\n7 Jan 2024,Fee,-1.00,0.00\n8 Jan 2024,Both,1.00,2.00\n", {
      currency: "GBP",
    });
    expect(told(known)).to.deep.equal([["2024-01-07", -100, "Fee"]]);
    expect(known.badLines).to.deep.equal([{ line: 3, field: "amount", reason: "must not be both debit and credit" }]);
  });

  it("with a currency on each line", async () => {
    const all = await readAll(
      "Type,Completed Date,Description,Amount,Currency,State\n" +
        "CARD,2024-01-05 10:11:12,Ramen,-1200,JPY,COMPLETED\n" +
        "CARD,2024-01-06 10:11:12,Oil,-1.234,KWD,COMPLETED\n" +
        "CARD,2024-01-07 10:11:12,Hotel,-80.00,EUR,PENDING\n" +
        "CARD,2024-01-08 10:11:12,Tea,-3.5,XYZ,COMPLETED\n",
    );
    expect(all.entries.map(({ amount, currency }) => [amount, currency])).to.deep.equal([
      [-1_200, "JPY"],
      [-1_234, "KWD"],
    ]);
    expect(all.badLines.map(({ line, field }) => [line, field])).to.deep.equal([[5, "currency"]]);
  });

  it("without headings", async () => {
    const all = await readAll("01/15/2024,-4.50,*,,COFFEE SHOP\n01/16/2024,100.00,*,,PAYROLL\n", { currency: "USD" });
    expect(told(all)).to.deep.equal([
      ["2024-01-15", -450, "COFFEE SHOP *"],
      ["2024-01-16", 10_000, "PAYROLL *"],
    ]);
    const balanced = await readAll(
      "2024-01-01|Opening|10.00|110.00\n2024-01-02|Tea|-2.00|108.00\n2024-01-03|Pay|50.00|158.00\n2024-01-04|Tea|-2.00|156.00\n",
      { currency: "EUR" },
    );
    expect(told(balanced).map(([, amount]) => amount)).to.deep.equal([1_000, -200, 5_000, -200]);
  });

  it("that says its delimiter, and a header alone", async () => {
    expect(
      told(await readAll("sep=|\nDate|Text|Amount\n2024-01-05|A, B; C|1.00\n", { currency: "EUR" })),
    ).to.deep.equal([["2024-01-05", 100, "A, B; C"]]);
    expect(told(await readAll("Date,Description,Amount\n", { currency: "EUR" }))).to.deep.equal([]);
  });

  it("names each line that it cannot read, never what the line says", async () => {
    const all = await readAll(
      [
        "Date,Description,Amount",
        "2024-02-30,Feast,1.00",
        "2024-02-01,Secret 4111111111111111,twelve",
        "2024-02-02,Third of a cent,1.005",
        "2024-02-03,Too,many,1.00",
        ",No day,1.00",
        "2024-02-04,Good,1.00",
        "2024-02-05",
        "Page 1 of 3,,",
        "That is all,,",
        `2024-02-06,${"x".repeat(40_000)},1.00`,
        "2024-02-07,Too much,-100000000000.01",
      ].join("\n"),
      { currency: "EUR" },
    );
    expect(told(all)).to.deep.equal([["2024-02-04", 100, "Good"]]);
    expect(all.badLines.map(({ line, field, reason }) => `${line} ${field} ${reason}`)).to.deep.equal([
      "2 date must be a day that exists, as YMD",
      "3 amount must be an amount",
      "4 amount must be an amount of EUR, with a decimal point and 2 decimals at most",
      "5 line must have 3 columns, has 4",
      "6 date is missing",
      "8 amount is missing",
      "9 date must be a day that exists, as YMD",
      "11 line must have at most 32768 characters",
      "12 amount must be at most 10000000000000 of the currency's smallest unit",
    ]);
    expect(JSON.stringify(all.badLines)).not.to.match(/4111|Secret|twelve/);
  });

  it("loses no line to a quote that was never closed", async () => {
    const all = await readAll(
      [
        "Date,Description,Amount",
        '2024-01-01,"5 inch,12.00',
        '2024-01-02,"fine",3.00',
        '2024-01-03,say "hi",3.00',
        '2024-01-04,"say "hi" there",3.00',
        '2024-01-05, "a, blank before",3.00',
        '2024-01-06,"open,4.00',
      ].join("\n"),
      { currency: "USD" },
    );
    expect(told(all).map(([, , text]) => text)).to.deep.equal([
      '"5 inch',
      "fine",
      'say "hi"',
      'say "hi" there',
      "a, blank before",
      '"open',
    ]);
  });

  it("is refused where its dates could mean two things, and read where somebody says which", async () => {
    const ambiguous = "Date,Description,Amount\n01/02/2024,A,1.00\n03/04/2024,B,2.00\n";
    expect(await refusalOf(ambiguous, { currency: "USD" })).to.equal(
      "file.date could mean DMY or MDY: say which as dateOrder, or write YYYY-MM-DD",
    );
    expect(told(await readAll(ambiguous, { currency: "USD", dateOrder: "MDY" })).map(([day]) => day)).to.deep.equal([
      "2024-01-02",
      "2024-03-04",
    ]);
    const settled = `${ambiguous}25/04/2024,C,3.00\n`;
    expect(told(await readAll(settled, { currency: "USD" })).map(([day]) => day)).to.deep.equal([
      "2024-02-01",
      "2024-04-03",
      "2024-04-25",
    ]);
    expect(await refusalOf(settled, { currency: "USD", dateOrder: "MDY" })).to.equal(
      "file.date does not fit the order MDY: most dates of the file are no dates in it",
    );
    expect(await refusalOf(`${settled}04/25/2024,C,3.00\n`, { currency: "USD" })).to.equal(
      "file.date is written in two orders: make it one, such as YYYY-MM-DD",
    );
  });

  it("is refused where its amounts could mean two things", async () => {
    const ambiguous = 'Date,Text,Amount\n2024-01-05,A,"1,234"\n2024-01-06,B,"2,500"\n';
    expect(await refusalOf(ambiguous, { currency: "KWD" })).to.equal(
      "file.amount could have a decimal point or a decimal comma: say which as decimalMark",
    );
    expect(told(await readAll(ambiguous, { currency: "KWD", decimalMark: "," })).map(([, sum]) => sum)).to.deep.equal([
      1_234, 2_500,
    ]);
    // A euro has no thousandth: there it can only be a thousand.
    expect(told(await readAll(ambiguous, { currency: "EUR" })).map(([, sum]) => sum)).to.deep.equal([123_400, 250_000]);
    expect(await refusalOf('Date,Text,Amount\n2024-01-05,A,"1,5"\n2024-01-06,B,2.5\n', { currency: "EUR" })).to.equal(
      "file.amount is written in two ways: with a decimal point and with a decimal comma",
    );
    expect(await refusalOf("Date,Text,Amount\n2024-01-06,B,2.5\n", { currency: "EUR", decimalMark: "," })).to.equal(
      "file.amount does not fit the decimal mark ,: the file is written with the other",
    );
  });

  it("is read where one of a hundred is written in another way, and that line named; refused where more are", async () => {
    const file = (odd: number, usual: string, other: string) =>
      ["Date,Text,Amount", ...Array<string>(100 - odd).fill(usual), ...Array<string>(odd).fill(other)].join("\n");
    for (const [usual, other, what] of [
      ["25/04/2024,A,1.50", "04/25/2024,A,1.50", "file.date is written in two orders: make it one, such as YYYY-MM-DD"],
      [
        "2024-04-25,A,1.50",
        '2024-04-25,A,"1,50"',
        "file.amount is written in two ways: with a decimal point and with a decimal comma",
      ],
    ] as const) {
      const { entries, badLines } = await readAll(file(1, usual, other), { currency: "EUR" });
      expect([entries.length, badLines.map(({ line }) => line)], usual).to.deep.equal([99, [101]]);
      expect(await refusalOf(file(2, usual, other), { currency: "EUR" })).to.equal(what);
    }
  });

  it("is refused where it names another currency than its account", async () => {
    expect(await refusalOf("Date,Text,Amount (USD)\n2024-01-06,B,2.5\n", { currency: "EUR" })).to.equal(
      "file.currency is USD, while the account's is EUR",
    );
  });

  for (const [what, content, reason] of [
    ["nothing", "", "file is empty"],
    ["blanks", " \n\n ", "file is empty"],
    ["a workbook", "PK\u0003\u0004\u0014\u0000", "file is an Excel workbook or another archive: save it as CSV"],
    ["a document", "%PDF-1.7", "file is a PDF document: download the statement as CSV, OFX or QFX"],
    ["a page", "<!DOCTYPE html><html>", "file is a web page: the download may have needed a login"],
    ["QIF", "!Type:Bank\nD1/5'24\n", "file is in the QIF format: download it as CSV, OFX or QFX"],
    ["JSON", '{"a":1}', "file is JSON: download the statement as CSV, OFX or QFX"],
    [
      "other XML",
      "<?xml version='1.0'?><Document/>",
      "file is XML, but not OFX: download the statement as CSV, OFX or QFX",
    ],
    [
      "no money",
      "a,b,c\n1,2,3\n",
      "file has no columns that are certain to be the date and the amount: give it a line of headings such as Date,Description,Amount",
    ],
    [
      "two columns of money",
      "2024-01-05,A,1.00,\n2024-01-06,B,,2.00\n",
      "file has no columns that are certain to be the date and the amount: give it a line of headings such as Date,Description,Amount",
    ],
    ["nothing below", "Date,Amount\nx,y\n", "file has no line with a date and an amount below its headings"],
  ] as const) {
    it(`is refused where it is ${what}`, async () => {
      expect(await refusalOf(content)).to.equal(reason);
    });
  }

  it("is refused where it is compressed, whatever the bytes", async () => {
    expect(await refusalOf(Buffer.from([0x1f, 0x8b, 0x08, 0x00]))).to.equal(
      "file is compressed: upload what is inside",
    );
  });
});
