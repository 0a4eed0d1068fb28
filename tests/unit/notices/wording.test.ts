import { expect } from "chai";
import { maskedEnding, maskNumbers } from "../../../functions/processing/notices/mask";
import { wordingOf } from "../../../functions/processing/notices/wording";

const told = (kind: Parameters<typeof wordingOf>[1], payload: Record<string, unknown>, account?: { name: string }) =>
  wordingOf({ payload } as Parameters<typeof wordingOf>[0], kind, account).text;

describe("what people are told", () => {
  it("says of a statement what it brought, and whether it was read", () => {
    const counts = { transactionCount: 1, duplicateCount: 3 };
    expect(told("file.processed", { ...counts, processingStatus: "success" })).to.equal(
      "A statement for an account was read: 1 transaction, 3 duplicates.",
    );
    expect(told("file.processed", { ...counts, processingStatus: "partial" })).to.match(/lines could not be read\.$/);
    expect(
      told("file.processed", { ...counts, processingStatus: "failed", errorMessage: "line 7: 4111111111111111" }),
    ).to.equal("A statement for an account could not be read.");
  });

  it("names an account by its name and the end of its number", () => {
    const account = { name: "Daily", accountNumberEnding: "6789" };
    expect(told("account.deleted", { transactionCount: 0 }, account)).to.equal(
      "Deleted: the account Daily (••••6789), with 0 transactions.",
    );
    expect(told("transactions.deleted", { transactionIds: ["a", "b"] })).to.equal("Deleted: 2 transactions.");
  });

  it("hides account numbers in the names that people give", () => {
    expect(maskNumbers("DE89 3704 0044 0532 0130 00")).to.equal("••••3000");
    expect(maskNumbers("Card 4111-1111-1111-1111 old")).not.to.match(/4111-|11111/);
    expect(maskNumbers("No 123456789")).to.equal("No ••••6789");
    for (const number of [
      "123456",
      "12.34.56.789",
      "123/4567/890",
      "1234\u00a05678\u00a09012",
      "1234\u202f5678\u202f9012",
      "12\u2013345\u20136789",
      "1234 - 5678 - 9012",
      "1234\u200b5678",
      "\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
    ]) {
      const end = number.replace(/[^\p{Nd}]/gu, "").slice(-4);
      expect(maskNumbers(`Rekening ${number}`), number).to.equal(`Rekening ••••${end}`);
    }
    for (const plain of ["Holiday 2026", "Savings 2.0", "Nr. 12/34", "Savings", "Flat 12b", "Joint 3"])
      expect(maskNumbers(plain)).to.equal(plain);
    expect(maskedEnding("12AB")).to.equal("••••12AB");
  });
});
