import { createHash, createHmac } from "node:crypto";
import { Sha256 as TheirSha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import { expect } from "chai";
import * as fc from "fast-check";
import { Sha256 } from "../../../functions/processing/aws/sha256";

const hexOf = async (hash: Sha256): Promise<string> => Buffer.from(await hash.digest()).toString("hex");

const signed = async (sha256: typeof Sha256 | typeof TheirSha256, sessionToken: string) => {
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "not a secret", sessionToken };
  const signer = new SignatureV4({ service: "dynamodb", region: "us-east-1", credentials, sha256 });
  const request = {
    method: "POST",
    protocol: "https:",
    hostname: "dynamodb.us-east-1.amazonaws.com",
    path: "/",
    headers: { host: "dynamodb.us-east-1.amazonaws.com" },
    body: '{"TableName":"ä"}',
  };
  const { headers } = await signer.sign(request, { signingDate: new Date("2026-10-29T12:00:00Z") });
  return headers["authorization"];
};

describe("the hash that requests are signed with", () => {
  it("is SHA-256, of however many parts, and with a key its HMAC, whatever the key is made of", async () => {
    const arbitrary = fc.tuple(fc.array(fc.uint8Array(), { maxLength: 4 }), fc.uint8Array({ minLength: 1 }));
    await fc.assert(
      fc.asyncProperty(arbitrary, async ([parts, secret]) => {
        const [plain, keyed, copied] = [new Sha256(), new Sha256(secret), new Sha256(Uint8Array.from(secret).buffer)];
        for (const hash of [plain, keyed, copied]) for (const part of parts) hash.update(part);
        const all = Buffer.concat(parts);
        expect(await hexOf(plain)).to.equal(createHash("sha256").update(all).digest("hex"));
        const wanted = createHmac("sha256", secret).update(all).digest("hex");
        expect([await hexOf(keyed), await hexOf(copied)]).to.deep.equal([wanted, wanted]);
      }),
    );
  });

  it("begins anew when it is told to, and reads texts as UTF-8", async () => {
    const hash = new Sha256("key");
    hash.update("something else");
    hash.reset();
    hash.update("ä");
    expect(await hexOf(hash)).to.equal(createHmac("sha256", "key").update("ä", "utf8").digest("hex"));
  });

  it("signs requests as the SDK's own does, each time", async () => {
    for (const token of ["one", "another", "one"])
      expect(await signed(Sha256, token)).to.equal(await signed(TheirSha256, token));
  });
});
