import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
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

  it("writes its files, text or bytes, to a folder below the work directory", async () => {
    const workDir = join(root, "functions");
    const archive = { "__index.js": "exports.handler = 1", "processing/a/b.bin": Buffer.from([0, 255]) };
    const { folder } = await unpack(archive, workDir, "ratings");

    expect(folder.startsWith(`${workDir}/ratings-`)).to.equal(true);
    expect(await readFile(join(folder, "__index.js"), "utf8")).to.equal("exports.handler = 1");
    expect([...(await readFile(join(folder, "processing/a/b.bin")))]).to.deep.equal([0, 255]);
    expect(await readdir(workDir)).to.have.length(1);
  });

  it("finds what was unpacked before, and never takes other code for it", async () => {
    const archive = { "__index.js": "exports.handler = 1" };
    const { folder: first } = await unpack(archive, root, "ratings");
    const { ino } = await stat(join(first, "__index.js"));
    expect((await unpack(archive, root, "ratings")).folder).to.equal(first);
    expect((await stat(join(first, "__index.js"))).ino).to.equal(ino);
    expect((await unpack({ "__index.js": "exports.handler = 2" }, root, "ratings")).folder).not.to.equal(first);
    expect((await unpack({ ...archive, "more.js": "" }, root, "ratings")).folder).not.to.equal(first);
    expect((await unpack(archive, root, "news")).folder).not.to.equal(first);
  });

  for (const [what, change] of Object.entries({
    changed: (folder: string) => writeFile(join(folder, "__index.js"), "exports.handler = 3"),
    removed: (folder: string) => rm(join(folder, "__index.js")),
    added: (folder: string) => writeFile(join(folder, "more.js"), ""),
  })) {
    it(`unpacks anew if a file was ${what} since`, async () => {
      const archive = { "__index.js": "exports.handler = 1" };
      await change((await unpack(archive, root, "ratings")).folder);
      const { folder } = await unpack(archive, root, "ratings");
      expect(await readdir(folder)).to.deep.equal(["__index.js"]);
      expect(await readFile(join(folder, "__index.js"), "utf8")).to.equal("exports.handler = 1");
    });
  }

  it("may be asked for the same by several at once", async () => {
    const archive = { "__index.js": "exports.handler = 1", "processing/ratings.js": "exports.ratings = 2" };
    const unpacked = await Promise.all([1, 2, 3, 4].map(() => unpack(archive, root, "ratings")));
    const folders = unpacked.map((one) => one.folder);
    for (const folder of folders) expect(await readdir(folder)).to.have.members(["__index.js", "processing"]);
    expect(new Set(folders).size).to.equal(1);
    expect(await readdir(root)).to.have.length(1);
  });

  for (const path of ["../out.js", "a/../../out.js", "a\\..\\..\\out.js", "/etc/out.js", "C:\\out.js", "a\0b", ""]) {
    it(`refuses the path ${JSON.stringify(path)} and writes nothing`, async () => {
      const message = await refusal(unpack({ "__index.js": "", [path]: "" }, join(root, "functions"), "ratings"));
      expect(message).to.equal(`the archive's path ${JSON.stringify(path)} would lie outside its folder`);
      expect(await readdir(root)).to.deep.equal([]);
    });
  }

  it("keeps names that only contain dots, and refuses a function name that is a path", async () => {
    const { folder } = await unpack({ "a..b/..c.js": "kept" }, root, "ratings");
    expect(await readFile(join(folder, "a..b/..c.js"), "utf8")).to.equal("kept");
    expect(await refusal(unpack({}, root, "../ratings"))).to.equal('"../ratings" cannot be part of a folder\'s name');
  });
});
