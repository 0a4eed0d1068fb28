import { DeleteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { Failure } from "../../../functions/processing/failure";
import { ownerOf, uploadKey } from "../../../functions/processing/ledger/keys";
import { keepUp } from "../../../functions/processing/ledger/upkeep/sweep";
import { sgml } from "../../unit/statements/samples";
import { ask } from "../ledger/requests";
import type { TestRun } from "../run";
import {
  ann,
  announced,
  fileNow,
  fresh,
  givenAccount,
  process,
  put,
  type StatementWorld,
  seenBy,
  statementWorld,
  uploaded,
} from "../statementWorld";

const january = "Date,Description,Amount\n2024-01-30,Coffee,-3.50\n2024-01-31,Coffee,-3.50\n2024-01-31,Coffee,-3.50\n";
const later = "Date,Description,Amount\n2024-01-31,Coffee,-3.50\n2024-01-31,coffee,-3.50\n2024-02-01,Rent,-900.00\n";

/** A booking as a bank's statement has it, under the bank's own id. */
const tea = (id: string, sum = "-1.00") => `<STMTTRN><DTPOSTED>20240105<TRNAMT>${sum}<FITID>${id}<NAME>Tea</STMTTRN>\n`;

const inEuros = sgml("", "<CURDEF>EUR");

const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
  const error = await work.catch((thrown: unknown) => thrown);
  if (error instanceof Failure) return error;
  throw new Error("it did not fail");
};

describe("an uploaded statement", () => {
  let real: StatementWorld;
  before(async () => {
    real = await statementWorld();
  });
  beforeEach(() => real.clean());

  it("becomes transactions, all at once, and is told of when it arrives and when it is read", async () => {
    await givenAccount("main");
    const message = await uploaded("f1", january, { accountId: "main" });
    expect(await process(message)).to.equal("success");
    expect(
      (await seenBy()).map(({ date, amount, currency, description, accountId }) => [
        date,
        amount,
        currency,
        description,
        accountId,
      ]),
    ).to.deep.equal([
      ["2024-01-30", -350, "EUR", "Coffee", "main"],
      ["2024-01-31", -350, "EUR", "Coffee", "main"],
      ["2024-01-31", -350, "EUR", "Coffee", "main"],
    ]);
    expect(await fileNow("f1")).to.deep.include({
      status: "success",
      fileFormat: "csv",
      transactionCount: 3,
      duplicateCount: 0,
      badLineCount: 0,
      dateRange: { startDate: "2024-01-30", endDate: "2024-01-31" },
    });
    const [arrived, read, more] = real.told();
    expect(more).to.equal(undefined);
    expect(arrived?.type).to.equal("file.uploaded");
    expect(arrived?.data).to.deep.equal({
      fileId: "f1",
      fileName: "f1.csv",
      fileSize: january.length,
      s3Key: uploadKey(ann, "f1"),
      accountId: "main",
    });
    expect(read?.type).to.equal("file.processed");
    expect(read?.data).to.deep.include({
      fileId: "f1",
      accountId: "main",
      transactionCount: 3,
      duplicateCount: 0,
      processingStatus: "success",
    });
    expect(read?.data["transactionIds"]).to.have.length(3);
    expect(read?.detail).to.deep.include({
      userId: "ann",
      correlationId: arrived?.detail["correlationId"],
      causationId: arrived?.detail["eventId"],
    });
  });

  it("is read once, however often it is told of, also at the same moment", async () => {
    await givenAccount("main");
    const message = await uploaded("f1", january, { accountId: "main" });
    const ends = await Promise.all([process(message), process(message), process(message)]);
    expect(ends.sort()).to.deep.equal(["postponed", "postponed", "success"]);
    expect(await real.postponed()).to.equal(2);
    expect(await process(message)).to.equal("read before");
    expect(await seenBy()).to.have.length(3);
    expect(real.told().map(({ type }) => type)).to.deep.equal(["file.uploaded", "file.processed"]);
  });

  it("that overlaps another of the account brings only what is new, and every coffee that was drunk", async () => {
    await givenAccount("main");
    await givenAccount("other");
    await process(await uploaded("f1", january, { accountId: "main" }));
    expect(await process(await uploaded("f2", later, { accountId: "main" }))).to.equal("success");
    expect(await fileNow("f2")).to.include({ transactionCount: 1, duplicateCount: 2 });
    expect((await seenBy()).map(({ description }) => description)).to.deep.equal([
      "Coffee",
      "Coffee",
      "Coffee",
      "Rent",
    ]);
    await process(await uploaded("f3", january, { accountId: "other" }));
    expect(await fileNow("f3")).to.include({ transactionCount: 3, duplicateCount: 0 });
  });

  it("with the very bytes of an earlier one brings nothing, and says which", async () => {
    await givenAccount("main");
    await process(await uploaded("f1", january, { accountId: "main" }));
    expect(await process(await uploaded("f2", january, { accountId: "main" }))).to.equal("success");
    expect(await fileNow("f2")).to.include({ transactionCount: 0, duplicateCount: 3, duplicateOf: "f1" });
    expect(real.told().at(-1)?.data).to.deep.include({
      transactionIds: [],
      duplicateCount: 3,
      processingStatus: "success",
    });
  });

  it("brings back what went with another that had brought it first, also where its bytes were read before", async () => {
    await givenAccount("main");
    await process(await uploaded("f1", january, { accountId: "main" }));
    await process(await uploaded("f2", later, { accountId: "main" }));
    expect((await ask("ann", "DELETE /files/{fileId}", { params: { fileId: "f1" } })).status).to.equal(204);
    expect((await seenBy()).map(({ description }) => description)).to.deep.equal(["Rent"]);
    await process(await uploaded("f3", later, { accountId: "main" }));
    expect(await fileNow("f3")).to.include({ transactionCount: 2, duplicateCount: 1 });
    expect((await seenBy()).map(({ amount }) => amount)).to.deep.equal([-350, -350, -90_000]);
    await process(await uploaded("f4", later, { accountId: "main" }));
    const known = await fileNow("f4");
    expect(known).to.include({ transactionCount: 0, duplicateCount: 3 });
    expect(known.duplicateOf).to.be.oneOf(["f2", "f3"]);
  });

  it("without an account is known by one that brought its bookings, and by none whose bookings are gone", async () => {
    const content = january.replace("Amount", "Amount (EUR)");
    await process(await uploaded("f1", content));
    await process(await uploaded("f2", content));
    expect(await fileNow("f2")).to.include({ transactionCount: 0, duplicateCount: 3, duplicateOf: "f1" });
    await ask("ann", "DELETE /files/{fileId}", { params: { fileId: "f1" } });
    await process(await uploaded("f3", content));
    expect(await fileNow("f3")).to.include({ transactionCount: 3, duplicateCount: 0 });
    await givenAccount("main");
    await ask("ann", "PUT /files/{fileId}/account", { params: { fileId: "f3" }, body: { accountId: "main" } });
    await ask("ann", "DELETE /accounts/{accountId}", { params: { accountId: "main" } });
    await keepUp(fresh({}, Date.now() + 600_000));
    expect(await fileNow("f3")).not.to.have.property("accountId");
    await process(await uploaded("f4", content));
    expect(await fileNow("f4")).to.include({ transactionCount: 3, duplicateCount: 0 });
    expect(await seenBy()).to.have.length(3);
  });

  it("for an account is read, though its bytes were read before for none", async () => {
    const content = january.replace("Amount", "Amount (EUR)");
    await process(await uploaded("f1", content));
    await givenAccount("main");
    await process(await uploaded("f2", content, { accountId: "main" }));
    const file = await fileNow("f2");
    expect(file).to.include({ transactionCount: 3, duplicateCount: 0 });
    expect(file).not.to.have.property("duplicateOf");
    expect((await seenBy()).filter(({ accountId }) => accountId === "main")).to.have.length(3);
  });

  it("of a bank that repeats a booking under one id brings it once, however far apart", async () => {
    const others = Array.from({ length: 150 }, (_, at) => tea(`other-${at}`)).join("");
    await process(await uploaded("f1", sgml(tea("A") + others + tea("A"))));
    expect(await fileNow("f1")).to.include({ fileFormat: "ofx", transactionCount: 151, duplicateCount: 1 });
    const seen = await seenBy();
    expect(seen.filter(({ reference }) => reference === "A")).to.have.length(1);
    expect(seen).to.have.length(151);
    expect(seen[0]).to.include({ currency: "USD" });
  });

  it("of a bank that gives one id to several bookings brings each of them", async () => {
    await process(await uploaded("f1", sgml(tea("0") + tea("0", "-2.00"))));
    expect(await fileNow("f1")).to.include({ transactionCount: 2, duplicateCount: 0 });
    expect((await seenBy()).map(({ amount, reference }) => [amount, reference])).to.deep.equal([
      [-200, "0"],
      [-100, "0"],
    ]);
  });

  it("is partial where lines are bad, and names them without what they say", async () => {
    await givenAccount("main");
    const content = `${january}2024-02-30,Secret 4111111111111111,1.00\n2024-02-01,Tea,much\n`;
    expect(await process(await uploaded("f1", content, { accountId: "main" }))).to.equal("partial");
    const file = await fileNow("f1");
    expect(file).to.deep.include({
      status: "partial",
      transactionCount: 3,
      badLineCount: 2,
      badLines: [
        { line: 5, reason: "date must be a day that exists, as YMD" },
        { line: 6, reason: "amount must be an amount" },
      ],
    });
    expect(JSON.stringify([file, real.told()])).not.to.match(/4111|Secret|much/);
  });

  it("names the first hundred of many bad lines, and counts them all", async () => {
    await givenAccount("main");
    const content = january + "2024-02-01,Tea,much\n".repeat(250);
    await process(await uploaded("f1", content, { accountId: "main" }));
    const { badLineCount, badLines } = await fileNow("f1");
    expect([badLineCount, badLines?.length]).to.deep.equal([250, 100]);
  });

  for (const [what, content, fields, reason] of [
    ["cannot be read", "%PDF-1.7 ...", {}, "file is a PDF document: download the statement as CSV, OFX or QFX"],
    [
      "has no good line",
      "Date,Description,Amount\n2024-01-05,Tea,1.00 XX\n2024-01-06,Tea,x\n",
      {},
      "file has no line with a date and an amount below its headings",
    ],
    [
      "is ambiguous",
      "Date,Text,Amount\n01/02/2024,A,1.00\n",
      {},
      "file.date could mean DMY or MDY: say which as dateOrder, or write YYYY-MM-DD",
    ],
    [
      "is not what was announced",
      inEuros,
      { fileFormat: "csv" as const },
      "fileFormat was announced as csv, the file is ofx",
    ],
    [
      "has another size than was announced",
      january,
      { fileSize: 7 },
      `fileSize was announced as 7 bytes, ${january.length} were uploaded`,
    ],
    [
      "is of an account that is not there",
      january,
      { accountId: "gone" },
      "accountId must name an account that is there",
    ],
    [
      "is of another currency",
      "Date,Text,Amount (USD)\n2024-01-05,A,1.00\n",
      {},
      "file.currency is USD, while the account's is EUR",
    ],
    [
      "is of another account",
      inEuros,
      {},
      "accountId must name the account of the statement: their numbers end differently",
    ],
  ] as const) {
    it(`fails with its reason where it ${what}`, async () => {
      await givenAccount("main", { accountNumberEnding: "0000" });
      const message = await uploaded("f1", content, { accountId: "main", ...fields });
      expect(await process(message)).to.equal("failed");
      expect(await fileNow("f1")).to.include({ status: "failed", errorMessage: reason, transactionCount: 0 });
      expect(real.told().map(({ type, data }) => [type, data["processingStatus"]])).to.deep.equal([
        ["file.uploaded", undefined],
        ["file.processed", "failed"],
      ]);
      expect(real.told()[1]?.data["errorMessage"]).to.equal(reason);
      expect(await process(message)).to.equal("read before");
      expect(real.told()).to.have.length(2);
      expect(await seenBy()).to.deep.equal([]);
    });
  }

  it("is read as its owner says, where it does not tell by itself", async () => {
    await givenAccount("main");
    const content = "Date,Text,Amount\n01/02/2024,A,1.00\n";
    const message = await uploaded("f1", content, { accountId: "main", dateOrder: "DMY", decimalMark: "." });
    expect(await process(message)).to.equal("success");
    expect((await seenBy())[0]?.date).to.equal("2024-02-01");
  });

  it("is refused, and changes nothing, where it is nobody's or nobody announced it", async () => {
    const strange = await put("somewhere/else.csv", january);
    expect((await failureOf(process(strange))).message).to.equal("event.detail.object.key must be that of an upload");
    const unknown = await put(uploadKey(ann, "f9"), january);
    expect((await failureOf(process(unknown))).message).to.equal(
      "event.detail.object.key must be that of a file that was announced",
    );
    await announced("f1", {}, ownerOf("bob"));
    const others = await put(uploadKey(ann, "f1"), january);
    expect((await failureOf(process(others))).field).to.equal("event.detail.object.key");
    const foreign = JSON.parse(await uploaded("f2", january));
    foreign.detail.bucket.name = "another";
    expect((await failureOf(process(JSON.stringify(foreign)))).field).to.equal("event.detail.bucket.name");
    expect(await fileNow("f1", ownerOf("bob"))).to.include({ status: "awaiting_upload" });
    expect(real.told()).to.deep.equal([]);
  });

  it("counts as it came first, whatever is put in its place", async () => {
    const first = await uploaded("f1", january, {});
    const second = await put(uploadKey(ann, "f1"), later);
    expect(await process(first)).to.equal("failed");
    expect((await fileNow("f1")).errorMessage).to.equal(
      "file was replaced or deleted before it was read: upload it as a new file",
    );
    expect(await process(second)).to.equal("uploaded again: what came first counts");
  });

  it("that its owner deleted is left alone, before it is read and at the last moment", async () => {
    const row = { TableName: "files", Key: { owner: ann, file_key: "FILE#f1" } };
    const message = await uploaded("f1", january);
    const deleting = fresh();
    const goes: TestRun = {
      ...deleting,
      call: async (operation, origin, send) => {
        const answer = await deleting.call(operation, origin, send);
        if (operation === "GetObject") await dynamodb().send(new DeleteCommand(row));
        return answer;
      },
    };
    expect(await process(message, goes)).to.equal("deleted before it was read");
    expect(await seenBy()).to.deep.equal([]);
    expect(real.told().map(({ type }) => type)).to.deep.equal(["file.uploaded"]);
    const other = await uploaded("f2", january);
    await dynamodb().send(
      new UpdateCommand({
        TableName: "files",
        Key: { owner: ann, file_key: "FILE#f2" },
        UpdateExpression: "SET #status = :removing",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":removing": "removing" },
      }),
    );
    expect(await process(other)).to.equal("deleted before it was read");
  });
});
