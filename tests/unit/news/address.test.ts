import { expect } from "chai";
import fc from "fast-check";
import { addressOf, hashOf } from "../../../functions/processing/news/address";

describe("an article's address", () => {
  for (const [link, address] of [
    ["https://Example.COM/Story?id=7", "https://example.com/Story?id=7"],
    ["https://example.com/story#comments", "https://example.com/story"],
    ["https://example.com/story?utm_source=x&id=7&UTM_Medium=y", "https://example.com/story?id=7"],
    ["https://example.com/story?utm_source=x", "https://example.com/story"],
    ["https://example.com:443/story?", "https://example.com/story"],
    ["  https://example.com/a%20b?q=a+b%2Bc ", "https://example.com/a%20b?q=a+b%2Bc"],
    ["https://reader:word@example.com/story", "https://example.com/story"],
  ] as const) {
    it(`of ${link} is ${address}`, () => expect(addressOf(link)).to.equal(address));
  }

  for (const link of [
    "",
    "story",
    "javascript:alert(1)",
    "ftp://example.com/x",
    `https://example.com/${"x".repeat(3_000)}`,
  ]) {
    it(`does not exist for ${link.slice(0, 40) || "nothing"}`, () => expect(addressOf(link)).to.equal(undefined));
  }

  it("is its own address, and the same for every way of tracking it", () => {
    const tracking = fc.array(fc.stringMatching(/^utm_[a-z]{1,8}=[a-z0-9]{0,8}$/), { maxLength: 3 });
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), tracking, (url, parameters) => {
        const address = addressOf(url);
        expect(address).to.be.a("string");
        expect(addressOf(String(address))).to.equal(address);
        const tracked = `${url}${url.includes("?") ? "&" : "?"}${parameters.join("&")}#top`;
        expect(addressOf(tracked)).to.equal(address);
      }),
    );
  });

  it("has a short hash", () => expect(hashOf("https://example.com/")).to.equal("0f115db062b7c0dd"));
});
