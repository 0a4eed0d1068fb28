import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { keptCode } from "../../../local/lambda/keptCode";
import { unpack } from "../../../local/lambda/unpack";

const hourMs = 3_600_000;

describe("functions' code that is kept from run to run", () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "kept-code-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  const usedBefore = async (path: string, hours: number) => {
    const then = new Date(Date.now() - hours * hourMs);
    await utimes(path, then, then);
  };

  it("goes once it was not used for a day", async () => {
    const folder = join(root, "functions");
    expect(keptCode(folder)).to.equal(folder);
    const archives = ["ratings", "news", "search"].map((name) => unpack({ "__index.js": "" }, folder, name));
    const [ratings = "", news = "", search = ""] = (await Promise.all(archives)).map((one) => one.folder);
    await usedBefore(ratings, 20);
    await usedBefore(news, 30);
    await usedBefore(search, 30);
    await unpack({ "__index.js": "" }, folder, "search");

    expect(keptCode(folder)).to.equal(folder);
    expect((await readdir(folder)).map((name) => join(folder, name))).to.have.members([ratings, search]);
  });

  it("is nowhere, where nothing can be kept", async () => {
    await writeFile(join(root, "file"), "");
    expect(keptCode(join(root, "file"))).to.equal(undefined);
  });
});
