import { readdirSync, writeSync } from "node:fs";
import { type Place, SlotFile } from "../../../functions/processing/stream/count/slotFile";

/** What became of a file that was filled until it could grow no more. */
export interface Filled {
  code: string | undefined;
  puts: number;
  /** How many of those were read back as they were. */
  whole: number;
  /** Whether one more fits where one is given back. */
  again: boolean;
  /** Whether it takes what cannot be written for full. */
  full: boolean;
  /** What its folder had meanwhile. */
  names: string[];
}

const slotBytes = 1_000;
const most = 1_000;
const [folder = ""] = process.argv.slice(2);
const file = new SlotFile({ slotBytes, mostBytes: most * slotBytes }, folder);
const places: Place[] = [];

const isWhole = (place: Place, at: number): boolean => {
  file.read(place);
  return file.body.every((byte) => byte === at % 256);
};

const fill = (times: number): string | undefined => {
  try {
    for (let at = 0; at < times; at++) places.push(file.put(new Uint8Array(slotBytes).fill(at)));
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
};

const code = fill(most);
const whole = places.filter(isWhole).length;
const [first] = places;
for (let time = 0; time < most; time++) fill(1);
const full = file.isFull;
if (first) file.release(first);
const again = isWhole(file.put(new Uint8Array(slotBytes).fill(7)), 7);
const filled: Filled = { code, puts: places.length, whole, full, again, names: readdirSync(folder) };
writeSync(1, JSON.stringify(filled));
process.kill(process.pid, "SIGKILL");
