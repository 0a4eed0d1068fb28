import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { readStack, UserError } from "../../local/engine/stackFile";

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

  describe("whose file is written by hand", () => {
    const read = (text: string) => {
      writeFileSync(join(folder, "Pulumi.hand.yaml"), text);
      return readStack(folder, "hand").config;
    };
    const refused = (text: string) =>
      expect(() => read(text))
        .to.throw(UserError)
        .with.property("message")
        .that.matches(/^\S+Pulumi\.hand\.yaml: /);

    it("takes a key without a namespace for the project's, as Pulumi does", () => {
      const config = read("config:\n  maximumConcurrency: 7\n  nonsense: 5\n  aws:region: us-east-1\n");
      expect(config).to.include({
        "signal9:maximumConcurrency": "7",
        "signal9:nonsense": "5",
        "aws:region": "us-east-1",
      });
      expect(config).not.to.have.property("maximumConcurrency");
    });

    it("may be empty, and may say how its secrets are encrypted", () => {
      for (const text of ["", "config:\n", "config: {}\n", "encryptionsalt: v1:abc\nsecretsprovider: awskms://key\n"]) {
        expect(read(text), text).to.include({ "signal9:nat": "single" });
      }
    });

    it("is refused where it is something else, by name", () => {
      refused("maximumConcurrency: 2\nnonsense: 5\n").and.includes(
        "maximumConcurrency, nonsense: not known here. Settings stand below config",
      );
      for (const text of ["config: text\n", "config: []\n", "config: [nat]\n", "config: 5\n"]) {
        refused(text).and.includes("config must be a map of settings");
      }
      for (const text of ["text\n", "- config\n", "5\n"]) refused(text).and.includes("must be a map, such as config:");
    });
  });
});
