import { InvokeCommand } from "@aws-sdk/client-lambda";
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { findIssuer } from "../../../commands/token/issuer";
import { signInTester } from "../../../commands/token/signIn";
import { rawLinesOf } from "./logLines";
import { prefix, type Shared, sharedCloud } from "./sharedCloud";

/** Each is somebody's secret, or tells of a person, and stands where one is likely to be by mistake. */
const marks = {
  password: "hunter2-marked-password",
  iban: "DE02120300000000202051",
  mail: "marked.person@example.com",
  note: "marked words about a diagnosis",
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
    for (const line of lines)
      for (const secret of hidden) expect(line.includes(secret), `${secret} in ${line}`).to.equal(false);
  });
});
