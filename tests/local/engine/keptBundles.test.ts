import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as esbuild from "esbuild";
import { buildKeeping, transformKeeping } from "../../../local/engine/keptBundles";

describe("a bundle that was made before", () => {
  let folder: string;
  let kept: string;
  let builds: number;

  const made = () => mkdtemp(join(tmpdir(), "signal9-bundles-"));
  const write = (path: string, text: string) => writeFile(join(folder, path), text);

  const bundle = async (over: esbuild.BuildOptions = {}): Promise<Record<string, string>> => {
    const build = ((options: esbuild.BuildOptions) => {
      builds++;
      return esbuild.build(options);
    }) as typeof esbuild.build;
    const { outputFiles = [] } = await buildKeeping(
      { build, version: esbuild.version },
      kept,
    )({
      absWorkingDir: folder,
      entryPoints: ["entry.ts"],
      outdir: "out",
      write: false,
      bundle: true,
      minify: true,
      format: "cjs",
      ...over,
    });
    return Object.fromEntries(outputFiles.map(({ path, text }) => [path.slice(folder.length + 1), text]));
  };

  beforeEach(async () => {
    [folder, kept] = await Promise.all([made(), made()]);
    builds = 0;
    await write("entry.ts", 'import { word } from "./part";\nconsole.log(word);\n');
    await mkdir(join(folder, "part"));
    await write("part/index.ts", 'export const word: string = "first";\n');
  });
  afterEach(async () => {
    for (const one of [folder, kept]) await rm(one, { recursive: true, force: true });
  });

  it("is not made again, and has the same bytes", async () => {
    const first = await bundle();
    expect(first["out/entry.js"]).to.include("first");
    expect(await bundle()).to.deep.equal(first);
    expect(builds).to.equal(1);
  });

  it("is made again when a file of it changed", async () => {
    await bundle();
    await write("part/index.ts", 'export const word: string = "second";\n');
    expect((await bundle())["out/entry.js"]).to.include("second");
    expect(builds).to.equal(2);
  });

  it("is made again when another file has come to stand in the stead of one", async () => {
    await bundle();
    await write("part.ts", 'export const word: string = "nearer";\n');
    expect((await bundle())["out/entry.js"]).to.include("nearer");
  });

  it("is made again when a file of it is gone, and says so as esbuild does", async () => {
    await bundle();
    await rm(join(folder, "part"), { recursive: true });
    const refused = await bundle({ logLevel: "silent" }).catch((error: Error) => error.message);
    expect(refused).to.include('Could not resolve "./part"');
  });

  it("is another where it is to be made otherwise", async () => {
    const small = await bundle();
    const wide = await bundle({ minify: false });
    expect(wide["out/entry.js"]?.length).to.be.greaterThan(small["out/entry.js"]?.length ?? 0);
    expect(await bundle()).to.deep.equal(small);
    expect(builds).to.equal(2);
  });

  it("is made again when what was kept cannot be read, and made all the same where nothing can be kept", async () => {
    const first = await bundle();
    for (const file of await readdir(kept)) await writeFile(join(kept, file), "torn");
    expect(await bundle()).to.deep.equal(first);
    await rm(kept, { recursive: true });
    await writeFile(kept, "a file where the folder should be");
    expect(await bundle()).to.deep.equal(first);
    expect(builds).to.equal(3);
  });

  it("tells of what it is made, also when it is not made again", async () => {
    const keeping = buildKeeping(esbuild, kept);
    const options: esbuild.BuildOptions = {
      absWorkingDir: folder,
      entryPoints: ["entry.ts"],
      outdir: "out",
      bundle: true,
    };
    const { metafile } = await keeping(options);
    expect(metafile.inputs).to.have.all.keys("entry.ts", "part/index.ts");
    expect((await keeping(options)).metafile).to.deep.equal(metafile);
  });

  it("has what a text became kept too, for each text and each way", async () => {
    let made = 0;
    const transform = ((text: string, options: esbuild.TransformOptions) => {
      made++;
      return esbuild.transform(text, options);
    }) as typeof esbuild.transform;
    const keeping = transformKeeping({ transform, version: esbuild.version }, kept);
    const first = await keeping("export const word = 1;", { format: "cjs" });
    expect(first.code).to.include("module.exports");
    expect(await keeping("export const word = 1;", { format: "cjs" })).to.deep.equal(first);
    expect((await keeping("export const word = 2;", { format: "cjs" })).code).to.include("word = 2");
    expect((await keeping("export const word = 1;", { format: "esm" })).code).to.not.include("module.exports");
    expect(made).to.equal(3);
  });
});
