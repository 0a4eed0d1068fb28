import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { serializeKeeping } from "../../../local/engine/keptClosures";

type Closure = () => unknown;

/** As they are in a program: in a module of their own. */
const closures = `
  const word = "captured";
  exports.thin = () => {
    const { analysis } = require("./processing/analysis");
    return (event, context) => analysis(event, context);
  };
  exports.other = () => {
    const { pollination } = require("./processing/pollination");
    return (event, context) => pollination(event, context);
  };
  exports.thick = () => {
    const { analysis } = require("./processing/analysis");
    return (event, context) => analysis(event, word);
  };
`;

describe("kept closures", () => {
  let folder: string;
  let kept: string;
  let all: { thin: Closure; other: Closure; thick: Closure };
  let asked: Closure[];
  const keeping = () =>
    serializeKeeping((func, args) => {
      asked.push(func as Closure);
      return pulumi.runtime.serializeFunction(func, args);
    }, kept);
  const factory = { exportName: "handler", isFactoryFunction: true };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "signal9-closures-"));
    kept = join(folder, "kept");
    await writeFile(join(folder, "closures.cjs"), closures);
    all = require(join(folder, "closures.cjs"));
  });
  beforeEach(async () => {
    asked = [];
    await rm(kept, { recursive: true, force: true });
  });
  after(() => rm(folder, { recursive: true }));

  it("are serialized once, to what Pulumi makes of them, each to its own", async () => {
    for (const closure of [all.thin, all.other]) {
      const expected = await pulumi.runtime.serializeFunction(closure, factory);
      expect(await keeping()(closure, factory)).to.deep.equal(expected);
      expect(await keeping()(closure, factory)).to.deep.equal(expected);
    }
    expect(asked).to.deep.equal([all.thin, all.other]);
  });

  it("are serialized anew in another role, or under another name", async () => {
    const roles = [{}, factory, { ...factory, exportName: "main" }];
    const texts = new Set<string>();
    for (const role of roles) texts.add((await keeping()(all.thin, role)).text);
    expect(texts.size).to.equal(roles.length);
  });

  it("are none that take something from where they stand", async () => {
    for (const _time of [1, 2]) expect((await keeping()(all.thick, factory)).text).to.include("captured");
    expect(asked).to.deep.equal([all.thick, all.thick]);
    expect(await readdir(folder)).to.deep.equal(["closures.cjs"]);
  });
});
