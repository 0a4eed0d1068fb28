import { DeleteBucketCorsCommand, GetBucketCorsCommand, PutBucketCorsCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { refused, startWorld, type World } from "./world";

const Bucket = "uploads";
const site = "https://ledger.example.com";

describe("pages of other origins", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    await world.declare("aws:s3/bucket:Bucket", "declared", { bucket: Bucket });
    await declare({
      id: "upload",
      allowedOrigins: [site, "http://*.example.org"],
      allowedMethods: ["PUT"],
      allowedHeaders: ["content-type", "x-amz-*"],
      exposeHeaders: ["etag"],
      maxAgeSeconds: 60,
    });
  });
  afterEach(() => world.close());

  const declare = (...corsRules: object[]) =>
    world.declare("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration", "declared", { bucket: Bucket, corsRules });
  const preflight = (headers: Record<string, string>, bucket = Bucket) =>
    fetch(`${world.gateway.url}/${bucket}/key`, { method: "OPTIONS", headers });
  const ask = (origin: string, method: string, headers?: string) =>
    preflight({
      origin,
      "access-control-request-method": method,
      ...(headers && { "access-control-request-headers": headers }),
    });

  it("are told what they may do, as a rule says", async () => {
    const answer = await ask(site, "PUT", "Content-Type, x-amz-meta-a");
    expect(answer.status).to.equal(200);
    expect(Object.fromEntries(answer.headers)).to.include({
      "access-control-allow-origin": site,
      "access-control-allow-methods": "PUT",
      "access-control-allow-headers": "content-type, x-amz-meta-a",
      "access-control-expose-headers": "etag",
      "access-control-max-age": "60",
      "access-control-allow-credentials": "true",
    });
    expect((await ask("http://a.example.org", "PUT")).status).to.equal(200);
  });

  it("are refused what no rule says", async () => {
    for (const answer of [
      await ask("https://evil.example.com", "PUT"),
      await ask(site, "GET"),
      await ask(site, "PUT", "authorization"),
      await ask("http://.example.com", "PUT"),
    ]) {
      expect(answer.status).to.equal(403);
      expect(await answer.text())
        .to.include("<Code>AccessForbidden</Code>")
        .and.include("not whitelisted");
    }
    const unset = await preflight({ origin: site, "access-control-request-method": "PUT" }, "elsewhere");
    expect(await unset.text()).to.include("CORS is not enabled for this bucket.");
    const bare = await preflight({ "access-control-request-method": "PUT" });
    expect([bare.status, await bare.text()])
      .to.have.property("1")
      .that.includes("Origin request header needed");
  });

  it("get to see the answer, whether it is good or bad, and others get nothing", async () => {
    const put = async (origin: string) => {
      const answer = await fetch(`${world.gateway.url}/${Bucket}/key`, {
        method: "PUT",
        body: "x",
        headers: {
          origin,
          authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/s3/aws4_request, SignedHeaders=host",
        },
      });
      return [answer.status, answer.headers.get("access-control-allow-origin")];
    };
    expect(await put(site)).to.deep.equal([200, site]);
    // AWS does what such a page asks for if it is signed, and keeps the answer from it. Here everybody knows the keys.
    expect(await put("https://evil.example.com")).to.deep.equal([403, null]);
    await declare({ allowedOrigins: ["*"], allowedMethods: ["PUT"] });
    expect(await put("https://evil.example.com")).to.deep.equal([200, "*"]);
  });

  it("are admitted and shut out by the API too", async () => {
    const told = await world.sdk.send(new GetBucketCorsCommand({ Bucket }));
    expect(told.CORSRules?.[0]).to.deep.include({ ID: "upload", AllowedOrigins: [site, "http://*.example.org"] });
    const CORSRules = [{ AllowedOrigins: ["*"], AllowedMethods: ["GET"], MaxAgeSeconds: 5 }];
    await world.sdk.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    expect((await ask(site, "GET")).status).to.equal(200);
    await world.sdk.send(new DeleteBucketCorsCommand({ Bucket }));
    expect((await refused(world.sdk.send(new GetBucketCorsCommand({ Bucket })))).name).to.equal(
      "NoSuchCORSConfiguration",
    );
    const odd = [{ AllowedOrigins: ["http://*.*"], AllowedMethods: ["GET"] }];
    const refusal = await refused(
      world.sdk.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: odd } })),
    );
    expect(refusal.message).to.equal('AllowedOrigin "http://*.*" can not have more than one wildcard.');
    const unknown = await declare({ allowedOrigins: ["*"], allowedMethods: ["PATCH"] }).catch((error: Error) => error);
    expect(String(unknown)).to.include("Unsupported method is PATCH");
  });
});
