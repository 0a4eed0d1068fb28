import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { expect } from "chai";
import * as v from "valibot";
import { readSecret } from "../../functions/processing/aws/secrets";
import { Failure } from "../../functions/processing/failure";
import { redactText } from "../../functions/processing/redact";

describe("reading a secret", () => {
  const schema = v.object({ key: v.string() });
  let server: Server;
  let value = "";
  let status = 200;
  let calls = 0;

  before(async () => {
    server = createServer((_request, response) => {
      calls++;
      response.statusCode = status;
      response.setHeader("content-type", "application/x-amz-json-1.1");
      response.end(
        JSON.stringify(status === 200 ? { SecretString: value } : { __type: "AccessDeniedException", message: "no" }),
      );
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    Object.assign(process.env, {
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    });
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it("gives its fields, asks once in five minutes, and keeps the values out of every text", async () => {
    value = JSON.stringify({ key: "hush-hush" });
    let now = 0;
    expect(await readSecret("arn:one", schema, () => now)).to.deep.equal({ key: "hush-hush" });
    expect(redactText("the key hush-hush was refused")).to.equal("the key [redacted] was refused");
    value = JSON.stringify({ key: "rotated-key" });
    now = 299_999;
    expect(await readSecret("arn:one", schema, () => now)).to.deep.equal({ key: "hush-hush" });
    expect(calls).to.equal(1);
    now = 300_000;
    expect(await readSecret("arn:one", schema, () => now)).to.deep.equal({ key: "rotated-key" });
  });

  it("names the secret that has another form, and tells nothing of what is in it", async () => {
    value = "plain-marked-secret";
    const failure = await readSecret("arn:two", schema, () => 0).catch((error: unknown) => error);
    expect(failure)
      .to.be.instanceOf(Failure)
      .with.property("message", "secret arn:two does not have the expected form");
  });

  it("is denied as everything else is", async () => {
    status = 400;
    const failure = await readSecret("arn:three", schema, () => 0).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Failure).with.property("category", "denied");
    status = 200;
  });
});
