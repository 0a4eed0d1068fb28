import { expect } from "chai";
import { tellingOf } from "../../../commands/usual";

describe("where commands look for a platform", () => {
  it("is told of one that is elsewhere only", () => {
    expect(tellingOf({ stack: "dev", url: "http://127.0.0.1:4566" })).to.equal("");
    expect(tellingOf({ stack: "dev", url: "http://127.0.0.1:4711" })).to.equal(" -- --endpoint http://127.0.0.1:4711");
    expect(tellingOf({ stack: "prod", url: "http://127.0.0.1:4566" })).to.equal(" -- --stack prod");
    expect(tellingOf({ stack: "prod", url: "http://127.0.0.1:4711" })).to.equal(
      " -- --stack prod --endpoint http://127.0.0.1:4711",
    );
  });
});
