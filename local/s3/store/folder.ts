import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  read,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { appendFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BucketRecord } from "./settings";
import type { Part, Upload } from "./upload";
import type { ObjectVersion } from "./version";

const readInto = promisify(read);

/** Bytes on disk that belong to nothing yet. */
export interface Staged {
  path: string;
}

/**
 * One bucket on disk. A version is there once its record is, and the record comes last: both are written aside and then
 * renamed, so that whatever was acknowledged outlives the process, and nothing half written is ever seen.
 */
export class BucketFolder {
  #staged = 0;

  constructor(private readonly path: string) {
    rmSync(this.#in("staged"), { recursive: true, force: true });
    for (const folder of ["bodies", "records", "staged", "uploads"]) mkdirSync(this.#in(folder), { recursive: true });
  }

  /** Writes bytes aside. */
  async stage(body: Buffer): Promise<Staged> {
    const staged = { path: this.#in("staged", String(this.#staged++)) };
    await this.#orNothing(staged, () => writeFile(staged.path, body));
    return staged;
  }

  /** Writes what was staged before into one, in order. */
  async join(parts: readonly Staged[], see: (bytes: Buffer) => void): Promise<Staged> {
    const whole = await this.stage(Buffer.alloc(0));
    for (const { path } of parts) {
      const bytes = readFileSync(path);
      see(bytes);
      await this.#orNothing(whole, () => appendFile(whole.path, bytes));
    }
    return whole;
  }

  async discard({ path }: Staged): Promise<void> {
    await rm(path, { force: true });
  }

  add(version: ObjectVersion, body: Staged | undefined): void {
    if (body) renameSync(body.path, this.#body(version));
    try {
      this.#replace(this.#record(version), JSON.stringify(version));
    } catch (error) {
      this.remove(version);
      throw error;
    }
  }

  rewriteRecord(version: ObjectVersion): void {
    this.#replace(this.#record(version), JSON.stringify(version));
  }

  remove(version: ObjectVersion): void {
    rmSync(this.#record(version), { force: true });
    rmSync(this.#body(version), { force: true });
  }

  /** Reads from `start` on. The body is opened at once, so that it can be read to its end even if it is removed meanwhile. */
  async readBody(version: ObjectVersion, start = 0, length = version.size): Promise<Buffer> {
    const file = openSync(this.#body(version), "r");
    try {
      const bytes = Buffer.allocUnsafe(length);
      for (let at = 0; at < length; ) at += (await readInto(file, bytes, at, length - at, start + at)).bytesRead;
      return bytes;
    } finally {
      closeSync(file);
    }
  }

  /** All versions whose writing was completed, in the order of their writing. */
  load(): ObjectVersion[] {
    const versions = readdirSync(this.#in("records")).map(
      (name) => JSON.parse(readFileSync(this.#in("records", name), "utf8")) as ObjectVersion,
    );
    const known = new Set(versions.map(({ order }) => String(order)));
    for (const name of readdirSync(this.#in("bodies"))) if (!known.has(name)) rmSync(this.#in("bodies", name));
    return versions.sort((a, b) => a.order - b.order);
  }

  writeUpload({ parts: _, ...record }: Upload): void {
    mkdirSync(this.#in("uploads", record.id));
    this.#replace(this.#in("uploads", record.id, "upload.json"), JSON.stringify(record));
  }

  /** The part with its bytes where they stay. */
  addPart({ id }: Upload, { body, ...part }: Part): Part {
    const path = this.#partBody(id, part);
    renameSync(body.path, path);
    this.#replace(this.#in("uploads", id, `${part.number}.json`), JSON.stringify(part));
    return { ...part, body: { path } };
  }

  dropUpload({ id }: Upload): void {
    rmSync(this.#in("uploads", id), { recursive: true, force: true });
  }

  /** All uploads under way, each with the parts whose writing was completed. */
  loadUploads(): Upload[] {
    return readdirSync(this.#in("uploads")).flatMap((id) => this.#readUpload(id) ?? []);
  }

  writeBucket(record: BucketRecord): void {
    this.#replace(this.#in("bucket.json"), JSON.stringify(record));
  }

  readBucket(): BucketRecord | undefined {
    const path = this.#in("bucket.json");
    return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as BucketRecord) : undefined;
  }

  destroy(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  #readUpload(id: string): Upload | undefined {
    const names = readdirSync(this.#in("uploads", id));
    if (!names.includes("upload.json")) return undefined;
    const read = <T>(name: string) => JSON.parse(readFileSync(this.#in("uploads", id, name), "utf8")) as T;
    const parts = new Map<number, Part>();
    for (const name of names.filter((one) => /^\d+\.json$/.test(one))) {
      const part = read<Omit<Part, "body">>(name);
      parts.set(part.number, { ...part, body: { path: this.#partBody(id, part) } });
    }
    return { ...read<Omit<Upload, "parts">>("upload.json"), parts };
  }

  #partBody(id: string, { number, etag }: Pick<Part, "number" | "etag">): string {
    return this.#in("uploads", id, `${number}-${etag}`);
  }

  #replace(path: string, text: string): void {
    const aside = this.#in("staged", String(this.#staged++));
    try {
      writeFileSync(aside, text);
      renameSync(aside, path);
    } catch (error) {
      rmSync(aside, { force: true });
      throw error;
    }
  }

  /** What does not fit on the disk must not fill it either. */
  async #orNothing(staged: Staged, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      await this.discard(staged);
      throw error;
    }
  }

  #in(...names: string[]): string {
    return join(this.path, ...names);
  }

  #body({ order }: ObjectVersion): string {
    return this.#in("bodies", String(order));
  }

  #record({ order }: ObjectVersion): string {
    return this.#in("records", `${order}.json`);
  }
}
