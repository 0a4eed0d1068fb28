import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { pack, unpack } from "../../../local/engine/apart/parcels";

describe("large files of archives, on their way between processes", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-parcels-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const declared = (inputs: Record<string, unknown>) => ({
    type: "aws:lambda/function:Function",
    name: "news",
    inputs,
  });
  const long = "“1 °C”\n".repeat(10_000);

  it("are in no message, and arrive byte for byte", () => {
    const packed = pack(declared({ code: { "__index.js": "short", "a.js": long, "b.js": `${long}b` } }), folder, "7");
    expect(JSON.stringify(packed).length).to.be.below(1_000);
    const { inputs } = unpack(structuredClone(packed));
    const code = inputs["code"] as Record<string, string | Buffer>;
    expect(code["__index.js"]).to.equal("short");
    expect(String(code["a.js"])).to.equal(long);
    expect(String(code["b.js"])).to.equal(`${long}b`);
  });

  it("leave nothing behind", () => {
    const packed = pack(declared({ code: { "a.js": long, "b.js": long } }), folder, "7");
    expect(readdirSync(folder)).to.have.length(2);
    unpack(packed);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("leave all else as it is", () => {
    const inputs = {
      layers: ["one", "two"],
      tags: { team: "data" },
      policy: long,
      lists: [long],
      count: 3,
      none: null,
      nested: { deeper: { text: long }, count: 1, big: long },
    };
    const packed = pack(declared(inputs), folder, "7");
    expect(packed.parcels.map(({ property, path }) => [property, path])).to.deep.equal([["nested", "big"]]);
    const arrived = unpack(packed).inputs;
    expect(arrived).to.deep.equal({ ...inputs, nested: { ...inputs.nested, big: Buffer.from(long) } });
  });
});
