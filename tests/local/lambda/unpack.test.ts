import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { unpack } from "../../../local/lambda/unpack";

const refusal = async (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => "nothing was refused",
    (error: Error) => error.message,
  );

describe("unpacking an archive", () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "unpack-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  it("writes its files, text or bytes, to a folder of its own below the work directory", async () => {
    const workDir = join(root, "functions");
    const archive = { "__index.js": "exports.handler = 1", "processing/a/b.bin": Buffer.from([0, 255]) };
    const first = await unpack(archive, workDir, "ratings");
    const second = await unpack(archive, workDir, "ratings");

    expect(first).not.to.equal(second);
    expect(first.startsWith(`${workDir}/ratings-`)).to.equal(true);
    expect(await readFile(join(first, "__index.js"), "utf8")).to.equal("exports.handler = 1");
    expect([...(await readFile(join(first, "processing/a/b.bin")))]).to.deep.equal([0, 255]);
  });

  for (const path of ["../out.js", "a/../../out.js", "a\\..\\..\\out.js", "/etc/out.js", "C:\\out.js", "a\0b", ""]) {
    it(`refuses the path ${JSON.stringify(path)} and writes nothing`, async () => {
      const message = await refusal(unpack({ "__index.js": "", [path]: "" }, join(root, "functions"), "ratings"));
      expect(message).to.equal(`the archive's path ${JSON.stringify(path)} would lie outside its folder`);
      expect(await readdir(root)).to.deep.equal([]);
    });
  }

  it("keeps names that only contain dots, and refuses a function name that is a path", async () => {
    const folder = await unpack({ "a..b/..c.js": "kept" }, root, "ratings");
    expect(await readFile(join(folder, "a..b/..c.js"), "utf8")).to.equal("kept");
    expect(await refusal(unpack({}, root, "../ratings"))).to.equal('"../ratings" cannot be part of a folder\'s name');
  });
});
