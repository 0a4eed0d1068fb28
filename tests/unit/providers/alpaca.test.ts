import { expect } from "chai";
import { fetchAssets } from "../../../functions/processing/providers/alpaca";
import type { Problem } from "../../../functions/processing/providers/problem";
import { type Loopback, refusal, startLoopback } from "./loopback";

const keyId = "PKTESTKEYID1";
const secretKey = "testSecretOfAlpaca1";
const now = Date.parse("2026-11-20T04:00:01Z");
const run = { now: () => now };

describe("Alpaca", () => {
  let provider: Loopback;
  before(async () => {
    provider = await startLoopback();
  });
  after(() => provider.close());

  const fetchAll = (timeoutMs = 2_000) => fetchAssets({ baseUrl: provider.url, keyId, secretKey, timeoutMs }, run);
  const says = (body: string, status = 200, headers: Record<string, string> = {}) =>
    provider.answer((response) => response.writeHead(status, headers).end(body));
  const failure = (timeoutMs?: number) => refusal(fetchAll(timeoutMs), keyId, secretKey);

  it("is asked for all active US shares, with the key in its headers only", async () => {
    says("[ ]");
    expect(await fetchAll()).to.deep.equal({ body: "[ ]", receivedAt: now });
    const request = provider.requests.at(-1);
    expect(request?.url).to.equal("/v2/assets?status=active&asset_class=us_equity");
    expect(request?.headers).to.include({ "apca-api-key-id": keyId, "apca-api-secret-key": secretKey });
  });

  it("may list more than other answers may hold", async () => {
    const body = `[${" ".repeat(12_000_000)}]`;
    says(body);
    expect((await fetchAll(5_000)).body.length).to.equal(body.length);
  });

  it("says when it takes calls again", async () => {
    const limited = async (reset?: string) => {
      says("{}", 429, reset === undefined ? {} : { "x-ratelimit-reset": reset });
      const { problem, retryAt } = await failure();
      expect(problem).to.equal("burst");
      return retryAt;
    };
    expect(await limited(String(now / 1_000 + 42))).to.equal(now + 42_000);
    expect(await limited(String(now / 1_000 - 1))).to.equal(undefined);
    expect(await limited(String(now / 1_000 + 90_000))).to.equal(undefined);
    expect(await limited("soon")).to.equal(undefined);
    expect(await limited()).to.equal(undefined);
    says("{}", 429, { "retry-after": "7", "x-ratelimit-reset": String(now / 1_000 + 42) });
    expect((await failure()).retryAt).to.equal(now + 7_000);
  });

  it("tells why it refuses, without the keys it was given", async () => {
    const message = `forbidden: ${keyId} "${secretKey}"`;
    says(JSON.stringify({ code: 40310000, message }), 403, { "x-ratelimit-reset": String(now / 1_000 + 42) });
    const refused = await failure();
    expect(refused.message).to.equal('Alpaca answered with status 403: forbidden: [redacted] "[redacted]"');
    expect(refused.retryAt).to.equal(undefined);
  });

  const outcomes: [number, string, Problem][] = [
    [401, "", "keyRejected"],
    [403, '{"message":"forbidden."}', "keyRejected"],
    [422, '{"message":"invalid asset class"}', "refused"],
    [500, "{}", "unavailable"],
    [302, "", "unavailable"],
    [200, "<html></html>", "unavailable"],
    [200, "", "unavailable"],
    [200, '[{"symbol":"AAPL"},{"sym', "unavailable"],
    [200, '{"message":"welcome"}', "malformed"],
    [200, "null", "malformed"],
  ];
  for (const [status, body, problem] of outcomes) {
    it(`answers ${status} ${body}: ${problem}`, async () => {
      says(body, status);
      expect((await failure()).problem).to.equal(problem);
    });
  }

  it("is waited for no longer than was said", async function () {
    this.timeout(2_000);
    provider.answer((response) => {
      response.write("[");
    });
    expect((await failure(50)).message).to.equal("Alpaca cannot be reached: no answer within 50 ms");
  });

  it("is not asked with a key that no header can carry", async () => {
    const call = fetchAssets({ baseUrl: provider.url, keyId, secretKey: `${secretKey}\n${secretKey}` }, run);
    expect((await refusal(call, keyId, secretKey)).problem).to.equal("refused");
  });
});
