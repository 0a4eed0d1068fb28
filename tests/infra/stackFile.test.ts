import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { readStack } from "../../local/engine/stackFile";

describe("reading a stack offline", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-stack-"));
    copyFileSync(resolve(__dirname, "../../Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    writeFileSync(
      join(folder, "Pulumi.test.yaml"),
      'secretsprovider: awskms://alias/any\nencryptedkey: AQIDmarked==\nconfig:\n  signal9:nat: perAz\n  signal9:partnerAccounts: ["111122223333"]\n  signal9:alphaVantageKey:\n    secure: AAABmarked==\n',
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  it("puts the stack's values over the defaults, and stands in for what only its key can read", () => {
    const { project, config, secretKeys } = readStack(folder, "test");
    expect(project).to.equal("signal9");
    expect(config).to.include({
      "signal9:nat": "perAz",
      "signal9:logLevel": "INFO",
      "signal9:partnerAccounts": '["111122223333"]',
      "signal9:alphaVantageKey": "stand-in-for-signal9-alphaVantageKey",
    });
    expect(secretKeys).to.include("signal9:alphaVantageKey");
    expect(JSON.stringify(config)).not.to.include("marked");
  });

  it("says which stacks there are", () => {
    expect(() => readStack(folder, "none")).to.throw('There is no stack "none". Stacks here: test.');
  });
});
