import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { watchBelow } from "../../../commands/start/watchBelow";

describe("what is watched below a folder", () => {
  let folder: string;
  let end: () => void;
  const waiting: { path: string; told: () => void }[] = [];
  const told: string[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-watched-"));
    mkdirSync(join(folder, "room/shelf"), { recursive: true });
    writeFileSync(join(folder, "room/shelf/book.ts"), "");
    told.length = 0;
    end = watchBelow(folder, (path) => {
      told.push(path);
      for (const one of waiting.splice(0)) {
        if (one.path === path) one.told();
        else waiting.push(one);
      }
    });
  });
  afterEach(() => {
    end();
    rmSync(folder, { recursive: true });
  });

  const tells = async (path: string, change: () => void): Promise<void> => {
    const heard = new Promise<void>((done) => waiting.push({ path, told: done }));
    change();
    await heard;
    // What the kernel has more to say of it.
    await new Promise(setImmediate);
  };
  const write = (path: string) => writeFileSync(join(folder, path), "more");
  const replace = (path: string) => {
    const beside = join(folder, `${path}~`);
    writeFileSync(beside, "another");
    renameSync(beside, join(folder, path));
  };

  it("is a file that is written, as often as it is", async () => {
    for (let save = 0; save < 3; save++) await tells("room/shelf/book.ts", () => write("room/shelf/book.ts"));
  });

  it("is a file that an editor puts in the place of another, as often as it does, and is written after that", async () => {
    for (let save = 0; save < 3; save++) await tells("room/shelf/book.ts", () => replace("room/shelf/book.ts"));
    await tells("room/shelf/book.ts", () => write("room/shelf/book.ts"));
  });

  it("is a file that is added, and one that is removed", async () => {
    await tells("room/new.ts", () => write("room/new.ts"));
    await tells("room/new.ts", () => rmSync(join(folder, "room/new.ts")));
  });

  it("is a folder that is added with what it holds, and one that comes in the place of another", async () => {
    const outside = mkdtempSync(join(tmpdir(), "signal9-outside-"));
    const bring = (name: string) => {
      mkdirSync(join(outside, name, "deep"), { recursive: true });
      writeFileSync(join(outside, name, "deep/page.ts"), "");
      renameSync(join(outside, name), join(folder, "room", name));
    };
    for (let round = 0; round < 2; round++) {
      await tells("room/box/deep/page.ts", () => bring("box"));
      await tells("room/box/deep/page.ts", () => write("room/box/deep/page.ts"));
      await tells("room/box/deep/page.ts", () => replace("room/box/deep/page.ts"));
      await tells("room/box", () => renameSync(join(folder, "room/box"), join(outside, "gone")));
      rmSync(join(outside, "gone"), { recursive: true });
    }
    rmSync(outside, { recursive: true });
  });

  it("is nothing any more once that is ended", async () => {
    end();
    write("room/shelf/book.ts");
    const other = watchBelow(folder, (path) => path === "room/last.ts" && seen());
    let seen = (): void => undefined;
    const heard = new Promise<void>((done) => {
      seen = done;
    });
    write("room/last.ts");
    await heard;
    other();
    expect(told).to.deep.equal([]);
  });
});
