import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { settingNames } from "../../infra/settings";
import { recordProgram } from "./program";

const refusal = async (settings: Record<string, string | null>): Promise<string> =>
  (await recordProgram({ stack: "dev", settings })).refused ?? "accepted";

describe("settings", () => {
  it("are all declared with type, default and description in Pulumi.yaml", () => {
    const project = parse(readFileSync(resolve(__dirname, "../../Pulumi.yaml"), "utf8")) as {
      config: Record<string, { type: string; default: unknown; description: string }>;
    };
    expect(Object.keys(project.config).sort()).to.deep.equal([...settingNames].sort());
    for (const [name, declared] of Object.entries(project.config)) {
      expect(declared.type, name).to.be.oneOf(["string", "integer", "boolean", "array"]);
      expect(declared, name).to.have.property("default");
      expect(declared.description, name).to.have.length.greaterThan(10);
    }
  });

  it("that are wrong stop the program, one line each with the key and what is allowed", async () => {
    expect(
      await refusal({
        "signal9:logRetentionDays": "8",
        "signal9:maximumConcurrency": "1",
        "signal9:protect": "yes",
        "signal9:vpcCidr": "8.8.8.0/16",
        "signal9:nat": "none",
        "signal9:partnerAccounts": '["12"]',
        "signal9:alarmEmail": "nobody",
        "signal9:logLevel": "LOUD",
        "signal9:eventRetentionDays": "1e3",
      }),
    ).to.equal(
      [
        "The configuration of stack dev is not valid:",
        "  - signal9:logLevel must be one of DEBUG, INFO, WARN, ERROR",
        "  - signal9:logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
        "  - signal9:eventRetentionDays must be a whole number from 0 to 3650",
        "  - signal9:protect must be true or false",
        "  - signal9:vpcCidr must be a private range from /16 to /20 that begins with its first address, such as 10.90.0.0/16",
        "  - signal9:nat must be one of single, perAz",
        "  - signal9:maximumConcurrency must be a whole number from 2 to 1000",
        "  - signal9:alarmEmail must be one mail address, or empty",
        '  - signal9:partnerAccounts must be a list of account numbers of 12 digits, such as ["111122223333"]',
      ].join("\n"),
    );
  });

  it("with more companies than fit into a function's variables are refused, by their length and not by their number", async () => {
    const watchlist = (count: number, symbol: (at: number) => string) =>
      refusal({ "signal9:watchlist": JSON.stringify(Array.from({ length: count }, (_, at) => symbol(at))) });
    const short = (at: number) => String(at + 100);
    const long = (at: number) => `${at + 100}.PREFERRED-A`;
    const rule = "  - signal9:watchlist must have at most 3000 characters, with a space between any two symbols";
    expect(await watchlist(750, short)).to.equal("accepted");
    expect(await watchlist(751, short)).to.equal(`The configuration of stack dev is not valid:\n${rule}`);
    expect(await watchlist(187, long)).to.equal("accepted");
    expect(await watchlist(188, long)).to.include(rule);
  });

  it("that are misspelt or missing are named", async () => {
    expect(await refusal({ "signal9:logLevle": "INFO", "signal9:nat": null })).to.equal(
      [
        "The configuration of stack dev is not valid:",
        "  - signal9:logLevle is not a setting; Pulumi.yaml lists them all",
        "  - signal9:nat is missing",
      ].join("\n"),
    );
  });

  it("that give the network a range must give a whole one, with room for its subnets", async () => {
    const wrong = [
      "10.999.0.0/16",
      "10.1/16",
      "10.0.0.1/16",
      "10.0.8.0/20",
      "10.1.0.0/21",
      "10.0.0.0/8",
      "172.32.0.0/16",
    ];
    for (const range of wrong) {
      expect(await refusal({ "signal9:vpcCidr": range }), range).to.include("signal9:vpcCidr must be a private range");
    }
    for (const range of ["10.0.16.0/20", "172.31.128.0/17"]) {
      expect(await refusal({ "signal9:vpcCidr": range }), range).to.equal("accepted");
    }
  });

  it("that leave the ledger's events no path at all are refused", async () => {
    expect(await refusal({ "signal9:enableEventPublishing": "false" })).to.include(
      "signal9:enableEventPublishing and signal9:enableDirectTriggers must not both be false",
    );
    const direct = { "signal9:enableEventPublishing": "false", "signal9:enableDirectTriggers": "true" };
    expect(await refusal(direct)).to.equal("accepted");
  });

  it("that belong together are asked for together, without repeating a secret", async () => {
    const message = await refusal({ "signal9:alpacaKeyId": "marked-secret" });
    expect(message).to.include("signal9:alpacaKeyId and signal9:alpacaSecretKey must be set together");
    expect(message).not.to.include("marked-secret");
  });
});
