import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect } from "chai";
import type { DeadLetterRow } from "../../../functions/processing/deadLetters/row";
import { newAccount } from "../../../functions/processing/ledger/account";
import { type FileFields, newFile } from "../../../functions/processing/ledger/file";
import { ownerOf, uploadKey } from "../../../functions/processing/ledger/keys";
import { scan } from "./book";
import { prefix, type Shared, sharedCloud } from "./sharedCloud";
import { family } from "./started";

const january = "Date,Description,Amount\n2024-01-30,Coffee,-3.50\n2024-01-31,Coffee,-3.50\n2024-01-31,Coffee,-3.50\n";
const later = "Date,Description,Amount\n2024-01-31,Coffee,-3.50\n2024-01-31,Coffee,-3.50\n2024-02-01,Rent,-900.00\n";
const ann = ownerOf("ann");
const bucket = `${prefix}uploads-123456789012`;

describe("statements in the whole program", function () {
  this.timeout(120_000);
  let shared: Shared;
  let signer: S3Client;
  before(async () => {
    shared = await sharedCloud();
    signer = new S3Client({
      endpoint: shared.up.url,
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      forcePathStyle: true,
      // What is not known yet cannot be summed.
      requestChecksumCalculation: "WHEN_REQUIRED",
    });
  });
  beforeEach(async () => {
    await shared.newDay();
    const account = newAccount(ann, "main", { name: "Everyday", type: "checking", currency: "EUR" }, made());
    await shared.clients.dynamodb.send(new PutCommand({ TableName: `${prefix}accounts`, Item: account }));
  });
  after(() => shared.newDay());

  const made = () => ({ changeId: "made", at: shared.up.cloud.clock.now() });
  const announce = (id: string, content: string, fields: Partial<FileFields> = {}) => {
    const all = { fileName: `${id}.csv`, fileSize: Buffer.byteLength(content), accountId: "main", ...fields };
    const Item = newFile(ann, id, all, made());
    return shared.clients.dynamodb.send(new PutCommand({ TableName: `${prefix}files`, Item }));
  };
  /** By a URL that was signed for this one key, as a browser does. */
  const upload = async (key: string, body: string): Promise<number> => {
    const signingDate = new Date(shared.up.cloud.clock.now());
    const command = new PutObjectCommand({ Bucket: bucket, Key: key });
    const url = await getSignedUrl(signer, command, { expiresIn: 300, signingDate });
    return (await fetch(url, { method: "PUT", body })).status;
  };
  const fileRow = async (id: string) => (await scan(shared, "files")).find((row) => row["fileId"] === id);
  const told = async () =>
    (await scan(shared, "event-store"))
      .filter((row) => String(row["event_type"]).startsWith("file.") && "detail" in row)
      .map((row) => `${row["event_type"]} ${row["status"]} ${JSON.parse(String(row["detail"])).data.fileId}`);

  it("come by a signed URL, become transactions once, and are told of", async () => {
    await announce("f1", january);
    expect(await upload(uploadKey(ann, "f1"), january)).to.equal(200);
    await shared.up.idle();
    expect(await fileRow("f1")).to.deep.include({ status: "success", transactionCount: 3, duplicateCount: 0 });
    await announce("f2", later);
    await upload(uploadKey(ann, "f2"), later);
    await shared.up.idle();
    expect(await fileRow("f2")).to.deep.include({ status: "success", transactionCount: 1, duplicateCount: 2 });
    const rows = await scan(shared, "transactions");
    expect(rows.map((row) => row["description"]).sort()).to.deep.equal(["Coffee", "Coffee", "Coffee", "Rent"]);
    expect(await told()).to.have.members([
      "file.uploaded published f1",
      "file.processed published f1",
      "file.uploaded published f2",
      "file.processed published f2",
    ]);
    expect(await scan(shared, "dead-letters")).to.deep.equal([]);
  });

  it("count as they came first, though another was put in their place before they were read", async () => {
    await shared.consume("file-processor", false);
    await announce("f1", january);
    await upload(uploadKey(ann, "f1"), january);
    await upload(uploadKey(ann, "f1"), later);
    await shared.consume("file-processor", true);
    await shared.up.idle();
    const amounts = (await scan(shared, "transactions"))
      .map((row) => Number(row["amount"]))
      .sort((one, other) => one - other);
    // Whichever of them the queue gave out first, it is one of them as it was.
    expect(amounts).to.deep.equal(amounts.includes(-90_000) ? [-90_000, -350, -350] : [-350, -350, -350]);
    expect(await fileRow("f1")).to.include({ transactionCount: 3, duplicateCount: 0 });
    expect(await told()).to.have.length(2);
  });

  it("are read to their end by another where their reader was killed, and until then nothing of them counts", async () => {
    const many = 3_000;
    const lines = Array.from(
      { length: many },
      (_, at) => `2024-01-${String((at % 28) + 1).padStart(2, "0")},Shop ${at},-1.${10 + (at % 90)}`,
    );
    const content = ["Date,Description,Amount", ...lines].join("\n");
    await announce("f1", content);
    await upload(uploadKey(ann, "f1"), content);
    while ((await scan(shared, "transactions")).length === 0) await sleep(20);
    const readers = family(process.pid).filter((pid) =>
      readFileSync(`/proc/${pid}/environ`, "utf8").includes(`AWS_LAMBDA_FUNCTION_NAME=${prefix}file-processor`),
    );
    expect(readers).not.to.deep.equal([]);
    for (const pid of readers) process.kill(pid, "SIGKILL");
    await shared.up.idle();
    const half = await scan(shared, "transactions");
    expect(half.length).to.be.within(1, many - 1);
    expect(await fileRow("f1"))
      .to.include({ status: "processing" })
      .and.not.have.property("importId");
    expect(await told()).to.deep.equal(["file.uploaded published f1"]);
    await shared.up.settle();
    expect(await fileRow("f1")).to.deep.include({ status: "success", transactionCount: many, duplicateCount: 0 });
    const rows = await scan(shared, "transactions");
    expect(new Set(rows.map((row) => row["description"])).size).to.equal(many);
    expect(rows).to.have.length(many);
    expect(await told()).to.have.members(["file.uploaded published f1", "file.processed published f1"]);
    expect(await scan(shared, "dead-letters")).to.deep.equal([]);
  });

  it("that nobody announced end with the dead letters, the others go on", async () => {
    await upload(uploadKey(ann, "f9"), january);
    await announce("f1", january);
    await upload(uploadKey(ann, "f1"), january);
    await shared.up.idle();
    expect(await fileRow("f1")).to.include({ status: "success" });
    const letters = (await scan(shared, "dead-letters")) as unknown as DeadLetterRow[];
    expect(letters.map(({ origin, field }) => [origin, field])).to.deep.equal([
      ["file-processor", "event.detail.object.key"],
    ]);
    expect(JSON.stringify(letters[0])).to.contain("f9");
  });
});
