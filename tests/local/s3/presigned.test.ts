import { createHash } from "node:crypto";
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect } from "chai";
import { startWorld, type World } from "./world";

const Bucket = "uploads";
const Key = "people/ä b+c(1)/statement.csv";

describe("presigned URLs", () => {
  let world: World;
  let role: S3Client;
  before(async () => {
    world = await startWorld();
    await world.declare("aws:s3/bucket:Bucket", "declared", { bucket: Bucket });
    const credentials = world.asRole([
      { Action: ["s3:PutObject", "s3:GetObject"], Resource: "arn:aws:s3:::uploads/*" },
    ]);
    role = new S3Client({ ...credentials, forcePathStyle: true, requestChecksumCalculation: "WHEN_REQUIRED" });
  });
  after(() => world.close());

  /** The SDK must sign by the cloud's clock, as functions do. */
  const now = () => new Date(world.cloud.clock.now());
  const signPut = (input: Partial<PutObjectCommandInput> = {}, expiresIn = 60, headers: string[] = []) =>
    getSignedUrl(role, new PutObjectCommand({ Bucket, Key, ...input }), {
      expiresIn,
      signingDate: now(),
      signableHeaders: new Set(["host", ...headers]),
      unhoistableHeaders: new Set(headers),
    });
  const signGet = (expiresIn = 60) =>
    getSignedUrl(role, new GetObjectCommand({ Bucket, Key }), { expiresIn, signingDate: now() });
  const put = (url: string, body: string, headers: Record<string, string> = {}) =>
    fetch(url, { method: "PUT", body, headers });
  const refusal = async (answer: Response | Promise<Response>) => {
    const text = await (await answer).text();
    return [(await answer).status, /<Code>(.*?)<\/Code>/.exec(text)?.[1], /<Message>(.*?)<\/Message>/.exec(text)?.[1]];
  };
  const mismatch = [
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
  ];

  it("of a signature that AWS takes no more are refused with what to do, as such a call is", async () => {
    const [path, old] = [`${world.gateway.url}/${Bucket}/hello.txt`, "AWSAccessKeyId=local&Signature=c2ln&Expires=1"];
    const refused = [
      400,
      "InvalidRequest",
      "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256. " +
        "(For the AWS CLI: aws configure set default.s3.signature_version s3v4)",
    ];
    expect(await refusal(fetch(`${path}?${old}`))).to.deep.equal(refused);
    expect(await refusal(fetch(path, { headers: { authorization: "AWS local:c2ln" } }))).to.deep.equal(refused);
  });

  it("let their holder do what their signer may, and read what was written", async () => {
    expect((await put(await signPut(), "hello")).status).to.equal(200);
    const got = await fetch(await signGet());
    expect([got.status, await got.text()]).to.deep.equal([200, "hello"]);
    const stranger = new S3Client({
      ...world.asRole([{ Action: "s3:GetObject", Resource: "arn:aws:s3:::uploads/*" }]),
      forcePathStyle: true,
      requestChecksumCalculation: "WHEN_REQUIRED",
    });
    const url = await getSignedUrl(stranger, new PutObjectCommand({ Bucket, Key }), { signingDate: now() });
    expect((await refusal(put(url, "x"))).slice(0, 2)).to.deep.equal([403, "AccessDenied"]);
    const byPerson = await getSignedUrl(world.sdk, new GetObjectCommand({ Bucket, Key }), { signingDate: now() });
    expect((await fetch(byPerson)).status).to.equal(200);
  });

  it("are for one method, one key and the parameters that were signed", async () => {
    const url = await signGet();
    expect(await refusal(put(url, "x"))).to.deep.equal(mismatch);
    expect(await refusal(fetch(url.replace("statement", "other")))).to.deep.equal(mismatch);
    expect(await refusal(fetch(url.replace("X-Amz-Expires=60", "X-Amz-Expires=600")))).to.deep.equal(mismatch);
    expect(await refusal(fetch(`${url}&response-content-type=text%2Fhtml`))).to.deep.equal(mismatch);
    expect(await refusal(fetch(url.replace(/Signature=./, "Signature=g")))).to.deep.equal(mismatch);
    const told = await (await put(url, "x")).text();
    expect(told).to.include("<StringToSign>AWS4-HMAC-SHA256").and.include("<CanonicalRequest>PUT");
  });

  it("hold length, type and checksum, where they were signed", async () => {
    const body = "a;b\n1;2\n";
    const checksum = createHash("sha256").update(body).digest("base64");
    const url = await signPut({ ContentLength: body.length, ContentType: "text/csv", ChecksumSHA256: checksum }, 60, [
      "content-length",
      "content-type",
      "x-amz-checksum-sha256",
    ]);
    expect(new URL(url).searchParams.get("X-Amz-SignedHeaders")).to.equal(
      "content-length;content-type;host;x-amz-checksum-sha256",
    );
    const headers = { "content-type": "text/csv", "x-amz-checksum-sha256": checksum };
    expect((await put(url, body, headers)).status).to.equal(200);
    expect(await refusal(put(url, `${body}more`, headers))).to.deep.equal(mismatch);
    expect(await refusal(put(url, body, { ...headers, "content-type": "text/html" }))).to.deep.equal(mismatch);
    expect(await refusal(put(url, body, { "content-type": "text/csv" }))).to.deep.equal(mismatch);
    expect((await refusal(put(url, body.replace("1", "9"), headers))).slice(0, 2)).to.deep.equal([400, "BadDigest"]);
  });

  it("take no header of AWS's that was not signed, and carry those that were", async () => {
    const url = await signPut();
    const answer = await put(url, "x", { "x-amz-meta-a": "1", "x-amz-storage-class": "STANDARD_IA" });
    const text = await answer.text();
    expect(answer.status).to.equal(403);
    expect(text)
      .to.include("There were headers present in the request which were not signed")
      .and.include("<HeadersNotSigned>x-amz-meta-a, x-amz-storage-class</HeadersNotSigned>");
    const hoisted = await getSignedUrl(role, new PutObjectCommand({ Bucket, Key, Metadata: { colour: "red" } }), {
      signingDate: now(),
    });
    expect((await put(hoisted, "x")).status).to.equal(200);
    expect((await world.sdk.send(new HeadObjectCommand({ Bucket, Key }))).Metadata).to.deep.equal({ colour: "red" });
  });

  it("are over by the cloud's clock, and not good yet before it", async () => {
    const url = await signGet(60);
    await world.cloud.clock.turnTo(world.cloud.clock.now() + 62_000);
    const answer = await fetch(url);
    const text = await answer.text();
    expect(answer.status).to.equal(403);
    expect(text).to.include("<Message>Request has expired</Message>").and.include("<X-Amz-Expires>60</X-Amz-Expires>");
    const tomorrow = await getSignedUrl(role, new GetObjectCommand({ Bucket, Key }), {
      signingDate: new Date(world.cloud.clock.now() + 86_400_000),
    });
    expect(await refusal(fetch(tomorrow))).to.deep.equal([403, "AccessDenied", "Request is not valid yet"]);
  });

  it("are refused where they say too little, or too much", async () => {
    const url = new URL(await signGet());
    const changed = (name: string, value: string | undefined) => {
      const other = new URL(url);
      if (value === undefined) other.searchParams.delete(name);
      else other.searchParams.set(name, value);
      return fetch(other);
    };
    const wrong = "AuthorizationQueryParametersError";
    for (const [name, value, code] of [
      ["X-Amz-Signature", undefined, wrong],
      ["X-Amz-Algorithm", "AWS4-HMAC-SHA1", wrong],
      ["X-Amz-Date", "yesterday", wrong],
      ["X-Amz-Expires", "604801", wrong],
      ["X-Amz-Expires", "soon", wrong],
      ["X-Amz-Credential", "local/20260101/eu-west-1/s3/aws4_request", wrong],
      ["X-Amz-Credential", "nobody/20260101/us-east-1/s3/aws4_request", "InvalidAccessKeyId"],
      ["X-Amz-Security-Token", "another", "InvalidToken"],
      ["X-Amz-Security-Token", undefined, "InvalidToken"],
    ] as const)
      expect((await refusal(changed(name, value)))[1], `${name} ${value}`).to.equal(code);
  });
});
