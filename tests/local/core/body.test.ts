import { PassThrough } from "node:stream";
import { expect } from "chai";
import { readWhole } from "../../../local/cloud/body";
import { failure } from "../failure";

describe("a request's body", () => {
  it("is put together from its pieces, and may be empty", async () => {
    const request = new PassThrough();
    const whole = readWhole(request, 6);
    request.write("abc");
    request.end("def");
    expect((await whole)?.toString()).to.equal("abcdef");
    expect((await readWhole(new PassThrough().end(), 6))?.toString()).to.equal("");
  });

  it("is nothing where it is longer than it may be, but read to its end", async () => {
    const request = new PassThrough();
    const whole = readWhole(request, 6);
    request.write("abcdefg");
    request.end("h".repeat(100_000));
    expect(await whole).to.equal(undefined);
    expect(request.readableEnded).to.equal(true);
  });

  it("fails where it breaks off", async () => {
    const request = new PassThrough();
    const whole = failure(readWhole(request, 6));
    request.write("abc");
    request.destroy();
    expect((await whole).message).to.equal("the request broke off");
    const broken = new PassThrough();
    const other = failure(readWhole(broken, 6));
    broken.destroy(new Error("reset"));
    expect((await other).message).to.equal("reset");
  });
});
