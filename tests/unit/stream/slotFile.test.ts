import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { type Place, SlotFile } from "../../../functions/processing/stream/count/slotFile";
import type { Filled } from "./fillSlots";

const slotBytes = 1_000;
const bytesOf = (value: number, length = slotBytes): Uint8Array => new Uint8Array(length).fill(value);

describe("a file of slots", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-slots-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const fileOf = (slots: number, where = folder): SlotFile =>
    new SlotFile({ slotBytes, mostBytes: slots * (slotBytes + 8) }, where);
  const read = (file: SlotFile, place: Place): Uint8Array => {
    file.read(place);
    return file.body.slice(0, place.length);
  };

  it("has what was put into each of them, long or short, and no name in its folder", () => {
    const file = fileOf(100);
    const places = Array.from({ length: 100 }, (_, at) => file.put(bytesOf(at, slotBytes - at * 10)));
    expect(readdirSync(folder)).to.deep.equal([]);
    for (const at of [99, 0, 50, 1, 98])
      expect(read(file, places[at] as Place)).to.deep.equal(bytesOf(at, slotBytes - at * 10));
  });

  it("is full when as many were put as it has slots, and has those again that are given back", () => {
    const file = fileOf(3);
    const [first, second] = [file.put(bytesOf(1)), file.put(bytesOf(2))];
    expect(file.isFull).to.equal(false);
    const third = file.put(bytesOf(3));
    expect(file.isFull).to.equal(true);
    file.release(second);
    expect(file.isFull).to.equal(false);
    const fourth = file.put(bytesOf(4));
    expect([fourth.slot, file.isFull]).to.deep.equal([second.slot, true]);
    expect([first, third, fourth].map((place) => read(file, place)[0])).to.deep.equal([1, 3, 4]);
  });

  it("tells what was put there from what somebody else put there since, even if it is the same", () => {
    const file = fileOf(3);
    const mine = file.put(bytesOf(1));
    file.release(mine);
    file.put(bytesOf(1));
    expect(() => file.read(mine)).to.throw("does not have what was put there");
    expect(() => file.read({ slot: 2, length: 4, stamp: 1 })).to.throw("does not have what was put there");
  });

  it("says that it cannot be written as long as its folder is not there", () => {
    const file = fileOf(3, join(folder, "later"));
    expect(() => file.put(bytesOf(1))).to.throw("ENOENT");
    mkdirSync(join(folder, "later"));
    const place = file.put(bytesOf(2));
    expect([place.slot, read(file, place)[0]]).to.deep.equal([0, 2]);
  });

  it("says when it may not grow, keeps what it has, and leaves nothing behind though its process is killed", () => {
    const child = resolve(__dirname, "fillSlots.ts");
    const loader = resolve(__dirname, "../../../local/engine/typescript.cjs");
    // The shell's limit counts blocks of half a KB, or of a whole one.
    const limited = `ulimit -f 40; exec "$0" "$@"`;
    const { stdout, signal } = spawnSync("sh", ["-c", limited, process.execPath, "-r", loader, child, folder], {
      encoding: "utf8",
    });
    const { code, puts, whole, full, again, names } = JSON.parse(stdout) as Filled;
    expect([code, whole, full, again, names]).to.deep.equal(["EFBIG", puts, false, true, []]);
    expect(puts).to.be.within(15, 45);
    expect(signal).to.equal("SIGKILL");
    expect(readdirSync(folder)).to.deep.equal([]);
  });
});
