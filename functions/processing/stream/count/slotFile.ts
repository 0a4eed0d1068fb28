import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Before and after what is put into a slot: whose it is. */
const stampBytes = 4;
const ownerOnly = 0o600;

/** Where something was put. */
export interface Place {
  slot: number;
  length: number;
  stamp: number;
}

export interface SlotFileSize {
  /** The longest that goes into a slot. */
  slotBytes: number;
  mostBytes: number;
}

/**
 * Slots of one size, in a file of this process alone: it has a name only until it is open, so that nothing of it is left, however
 * the process ends. What is put away is used until the next time that something is: all of it goes through one piece of memory.
 */
export class SlotFile {
  private file: number | undefined;
  /** Those that somebody had before. */
  private readonly free: number[] = [];
  /** How many somebody had ever. */
  private begun = 0;
  private puts = 0;
  private readonly scratch: DataView;
  /** What was read last. */
  readonly body: Uint8Array;
  /** With what says whose it is. */
  readonly slotBytes: number;
  private readonly mostSlots: number;

  constructor(
    { slotBytes, mostBytes }: SlotFileSize,
    private readonly folder = tmpdir(),
  ) {
    this.slotBytes = slotBytes + 2 * stampBytes;
    this.scratch = new DataView(new ArrayBuffer(this.slotBytes));
    this.body = new Uint8Array(this.scratch.buffer, stampBytes, slotBytes);
    this.mostSlots = Math.floor(mostBytes / this.slotBytes);
  }

  get isFull(): boolean {
    return this.free.length === 0 && this.begun >= this.mostSlots;
  }

  /** Throws where there is no file to be had, or no room on its disk. */
  put(bytes: Uint8Array): Place {
    const file = this.opened();
    const slot = this.free.pop() ?? this.begun++;
    const place = { slot, length: bytes.length, stamp: this.nextStamp() };
    this.body.set(bytes);
    this.scratch.setUint32(0, place.stamp);
    this.scratch.setUint32(stampBytes + bytes.length, place.stamp);
    try {
      this.write(file, place);
    } catch (error) {
      this.release(place);
      throw error;
    }
    return place;
  }

  /** Into `body`. Throws where it is not what was put there. */
  read(place: Place): void {
    const { length, stamp } = place;
    const bytes = length + 2 * stampBytes;
    const read = this.file === undefined ? 0 : readSync(this.file, this.scratch, 0, bytes, this.startOf(place));
    const isWhole = read === bytes && this.scratch.getUint32(0) === stamp;
    if (!isWhole || this.scratch.getUint32(stampBytes + length) !== stamp)
      throw new Error(`slot ${place.slot} of ${this.begun} does not have what was put there`);
  }

  release({ slot }: Place): void {
    this.free.push(slot);
  }

  /** Never 0, which is what a file has where nothing was written. */
  private nextStamp(): number {
    this.puts = (this.puts % 0xffff_ffff) + 1;
    return this.puts;
  }

  private startOf({ slot }: Place): number {
    return slot * this.slotBytes;
  }

  private write(file: number, place: Place): void {
    const bytes = place.length + 2 * stampBytes;
    const start = this.startOf(place);
    for (let done = 0; done < bytes; ) done += writeSync(file, this.scratch, done, bytes - done, start + done);
  }

  private opened(): number {
    if (this.file !== undefined) return this.file;
    const path = join(this.folder, `signal9-${process.pid}-${randomUUID()}`);
    const file = openSync(path, "wx+", ownerOnly);
    try {
      unlinkSync(path);
    } catch (error) {
      closeSync(file);
      throw error;
    }
    this.file = file;
    return file;
  }
}
