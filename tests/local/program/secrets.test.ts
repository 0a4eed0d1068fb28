import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { findIssuer } from "../../../commands/token/issuer";
import { signInTester } from "../../../commands/token/signIn";
import { scan } from "./book";
import { rawLinesOf } from "./logLines";
import { prefix, type Shared, sharedCloud } from "./sharedCloud";

/** Each is somebody's secret, or tells of a person, and stands where one is likely to be by mistake. */
const marks = {
  password: "hunter2-marked-password",
  iban: "DE02120300000000202051",
  mail: "marked.person@example.com",
  note: "marked words about a diagnosis",
  accessToken: "sk-marked-0123456789abcdef",
};

/** What banks' files bring, and what people take for one: by its name, read or refused. */
const files: Record<string, string> = {
  [`${marks.iban}.csv`]: [
    "Date,Description,Amount",
    `2026-10-01,Transfer to ${marks.iban} ${marks.note},-20.00`,
    `2026-10-02,Subscription ${marks.accessToken},-5.00`,
    `the ${marks.iban} of ${marks.mail},${marks.password},${marks.accessToken}`,
  ].join("\n"),
  "statement.ofx": `OFXHEADER:100
DATA:OFXSGML
VERSION:102

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR
<BANKACCTFROM><BANKID>12030000<ACCTID>${marks.iban}<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20261001<DTEND>20261031
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261003<TRNAMT>-7.50<FITID>${marks.accessToken}<NAME>${marks.mail}<MEMO>${marks.note}</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>1.00<DTASOF>20261031</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>`,
  "cut-off.ofx": `OFXHEADER:100\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><ACCTID>${marks.iban}<MEMO>${marks.accessToken}`,
  "notes.csv": `password: ${marks.password}\ntoken=${marks.accessToken}\n${marks.note}\n`,
};

describe("secrets and what tells of persons", function () {
  this.timeout(120_000);
  let shared: Shared;

  before(async () => {
    shared = await sharedCloud();
    await shared.newDay();
  });
  after(() => shared.newDay());

  const kept = async (): Promise<string[]> => {
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const secrets = new SecretsManagerClient({ endpoint: shared.up.url, region: "us-east-1", credentials });
    const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
    const values = await Promise.all(
      SecretList.map(({ ARN }) => secrets.send(new GetSecretValueCommand({ SecretId: ARN }))),
    );
    secrets.destroy();
    return values.flatMap(({ SecretString = "" }) => {
      try {
        return Object.values(JSON.parse(SecretString) as object).map(String);
      } catch {
        return [SecretString];
      }
    });
  };

  /** What is refused, what is taken, and what nobody expects, through every way in. */
  const feed = async (token: string, api: string): Promise<void> => {
    const odd = { password: marks.password, account: { iban: marks.iban, mail: marks.mail }, note: marks.note };
    await shared.tell(
      ...["earningsProcessed", "pollenationNeeded", "dataIngestionNeeded", "analysisNeeded", "pollinationComplete"].map(
        (type, at) => ({ type, detail: { eventId: `odd-${at}`, assetId: marks.mail, ...odd } }),
      ),
      {
        type: "pollenationNeeded",
        detail: { eventId: "known", assetId: "AAPL", dataTypes: ["earnings"], priority: "high", ...odd },
      },
    );
    const asked = async (method: string, path: string, body?: unknown) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", cookie: marks.password };
      const answer = await fetch(`${api}${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return answer.status;
    };
    const account = { name: `Daily ${marks.iban}`, type: "checking", currency: "EUR" };
    expect(await asked("POST", "/accounts", account)).to.equal(201);
    expect(await asked("POST", "/accounts", { ...account, type: marks.note })).to.equal(400);
    expect(await asked("GET", `/accounts/${encodeURIComponent(marks.mail)}`)).to.equal(404);
    expect(await asked("GET", `/transactions?search=${encodeURIComponent(marks.note)}`)).to.be.within(200, 499);
    const Payload = JSON.stringify({ text: marks.note, filters: { types: [marks.mail] } });
    await shared.clients.lambda.send(new InvokeCommand({ FunctionName: `${prefix}search`, Payload }));
    const rating = JSON.stringify({ assetId: marks.mail, batchId: marks.password });
    await shared.clients.lambda.send(new InvokeCommand({ FunctionName: `${prefix}data-validation`, Payload: rating }));
  };

  const seen = async (): Promise<string[]> => {
    const letters = await scan(shared, "dead-letters");
    const told = letters.map(({ reason, field, category }) => JSON.stringify({ reason, field, category }));
    const mails = shared.up.services.sns.mailbox().map(({ subject, text }) => `${subject} ${text}`);
    return [...(await rawLinesOf(shared)), ...told, ...mails];
  };
  const expectHidden = (outputs: readonly string[], hidden: readonly string[]): void => {
    for (const output of outputs) {
      // Payloads may lie in a line as base64, too.
      const packed = (output.match(/[A-Za-z0-9+/]{24,}={0,2}/g) ?? []).map((text) => Buffer.from(text, "base64"));
      const spelt = [output, ...packed.map((bytes) => bytes.toString("latin1"))].join("\n");
      for (const secret of hidden) expect(spelt.includes(secret), `${secret} in ${output}`).to.equal(false);
    }
  };

  /** Each as somebody's browser would: announced, and put where the answer says. */
  const upload = async (token: string, api: string): Promise<void> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const post = async (path: string, body: object) =>
      (await fetch(`${api}${path}`, { method: "POST", headers, body: JSON.stringify(body) })).json();
    const { accountId } = (await post("/accounts", { name: "Daily", type: "checking", currency: "EUR" })) as {
      accountId: string;
    };
    for (const [fileName, body] of Object.entries(files)) {
      const { upload: to } = (await post("/files", { fileName, fileSize: Buffer.byteLength(body), accountId })) as {
        upload: { url: string; method: string; headers: Record<string, string> };
      };
      expect((await fetch(to.url, { method: to.method, headers: to.headers, body })).status).to.equal(200);
    }
  };

  const stream = async (): Promise<void> => {
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const kinesis = new KinesisClient({ endpoint: shared.up.url, region: "us-east-1", credentials });
    const event = {
      eventId: "marked",
      eventType: "exposure",
      timestamp: shared.up.cloud.clock.now() - 1_000,
      experimentId: "colour",
      userId: marks.mail,
      variant: "A",
      properties: { password: marks.password, iban: marks.iban, note: marks.note },
    };
    const records = [
      event,
      { ...event, eventId: "odd", eventType: marks.note },
      { ...event, eventId: "late", timestamp: marks.accessToken },
      { ...event, eventId: marks.iban, eventVersion: marks.accessToken },
      { ...event, userId: undefined, password: marks.password },
    ].map((record) => JSON.stringify(record));
    await kinesis.send(
      new PutRecordsCommand({
        StreamName: `${prefix}experiment-stream`,
        Records: [...records, `${records[0]?.slice(0, -9)}`, `${marks.iban} ${marks.accessToken}`].map((text) => ({
          Data: Buffer.from(text),
          PartitionKey: "marked",
        })),
      }),
    );
    kinesis.destroy();
  };

  it("are in no log, mail or reason of a dead letter when files and records of the stream bring them", async () => {
    const reach = {
      endpoint: shared.up.url,
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    };
    const issuer = await findIssuer(reach, "dev");
    const { AccessToken: token = "" } = await signInTester(reach, issuer, "ben");
    await upload(token, issuer.api);
    await stream();
    await shared.up.settle();
    // All of it was really read: files to their end, good or bad, and the records that cannot be used kept as letters.
    const ended = (await scan(shared, "files")).map(({ fileName, processingStatus, status }) => [
      fileName,
      processingStatus ?? status,
    ]);
    expect(Object.fromEntries(ended)).to.deep.equal({
      [`${marks.iban}.csv`]: "partial",
      "statement.ofx": "success",
      "cut-off.ofx": "failed",
      "notes.csv": "failed",
    });
    const letters = (await scan(shared, "dead-letters")).filter(({ origin }) => origin === "experiment-stream");
    expect(letters.length).to.be.at.least(5);
    expectHidden(await seen(), [...Object.values(marks), token]);
  });

  it("are in no line of any log, whichever way they came", async () => {
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const reach = { endpoint: shared.up.url, region: "us-east-1", credentials };
    await shared.turnTo(5.1, { only: ["asset-sync", "earnings-sync", "news-sync"] });
    const issuer = await findIssuer(reach, "dev");
    const { AccessToken: token = "" } = await signInTester(reach, issuer, "ann");
    // The provider repeats the key that it refuses.
    const broken = shared.breakMarket({ kind: "keyRejected" });
    await feed(token, issuer.api);
    await shared.up.settle();
    broken.remove();
    const hidden = [...Object.values(marks), token, ...(await kept())].filter((value) => value.length >= 8);
    expect(hidden.length).to.be.greaterThan(Object.keys(marks).length + 2);
    const lines = await rawLinesOf(shared);
    expect(lines.length).to.be.greaterThan(50);
    expectHidden(await seen(), hidden);
  });
});
