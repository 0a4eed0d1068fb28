import { expect } from "chai";
import { redact, redactText, remember } from "../../functions/processing/redact";

describe("redaction", () => {
  it("removes what looks like a credential from text", () => {
    expect(redactText("GET /query?function=OVERVIEW&apikey=ABC123&symbol=IBM")).to.equal(
      "GET /query?function=OVERVIEW&apikey=[redacted]&symbol=IBM",
    );
    expect(redactText("Authorization: Bearer abcdefghijkl")).to.equal("Authorization: Bearer [redacted]");
    expect(redactText("key AKIAABCDEFGHIJKLMNOP leaked")).to.equal("key [redacted] leaked");
    expect(redactText("eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl")).to.equal("[redacted]");
  });

  it("removes values under telling names, at any depth", () => {
    expect(redact({ a: [{ apiKey: "x", symbol: "IBM" }], password: 1, account_number: "1" })).to.deep.equal({
      a: [{ apiKey: "[redacted]", symbol: "IBM" }],
      password: "[redacted]",
      account_number: "[redacted]",
    });
  });

  for (const name of [
    "password",
    "passphrase",
    "userPass",
    "client_secret",
    "accessToken",
    "apikey",
    "api_key",
    "X-Api-Key",
    "authorization",
    "Set-Cookie",
    "credentials",
    "privateKey",
    "private_key",
    "ssn",
    "IBAN",
    "accountNumber",
    "account-number",
  ]) {
    it(`removes what is called ${name}`, () => {
      expect(redact({ [name]: "kept back", symbol: "IBM" })).to.deep.equal({ [name]: "[redacted]", symbol: "IBM" });
    });
  }

  for (const name of ["apikey", "api_key", "token", "secret", "password", "signature", "X-Amz-Signature", "TOKEN"]) {
    it(`removes what an address gives as ${name}`, () => {
      expect(redactText(`PUT /uploads/may.csv?part=1&${name}=k3pt~back%2F&expires=900`)).to.equal(
        `PUT /uploads/may.csv?part=1&${name}=[redacted]&expires=900`,
      );
    });
  }

  for (const text of ["Basic dXNlcjpwYXNz", "Bearer dXNlcjpwYXNz", "ASIAABCDEFGHIJKLMNOP", "AKIAABCDEFGHIJKLMNOP"]) {
    it(`removes a credential such as ${text}`, () => {
      expect(redactText(`said ${text} to us`)).to.match(/^said (Basic |Bearer )?\[redacted\] to us$/);
    });
  }

  it("removes a secret that was read, wherever it turns up, also across the cut of a long text", () => {
    remember("s3cr3t-value");
    expect(redactText("the provider said: s3cr3t-value is invalid")).to.equal(
      "the provider said: [redacted] is invalid",
    );
    expect(redactText(`${"x".repeat(1_995)}s3cr3t-value`)).not.to.include("s3cr");
  });

  it("leaves numbers, nulls and plain words alone, and errors with their message", () => {
    expect(redact({ count: 3, none: null, open: true })).to.deep.equal({ count: 3, none: null, open: true });
    expect(redact(new Error("token=abc"))).to.deep.equal({ name: "Error", message: "token=[redacted]" });
  });

  it("bounds what is long and what is deep", () => {
    expect(redactText("y".repeat(5_000))).to.match(/^y{2000}… \(5000 characters\)$/);
    let deep: unknown = "bottom";
    for (let level = 0; level < 20; level++) deep = { deep };
    expect(JSON.stringify(redact(deep))).to.include("[too deep]");
  });
});
