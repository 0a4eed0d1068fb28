import type { CompiledPolicy } from "../../iam/policy";
import { compilePolicy } from "../../iam/policy";
import type { BucketFolder, Staged } from "./folder";
import { type BucketRecord, type BucketSettings, newSettings } from "./settings";
import type { Part, Upload } from "./upload";
import { type Draft, markerDraft, nullVersion, type ObjectVersion } from "./version";

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** One bucket with all its versions. Whatever changes it does so at once, so that a check and what follows cannot be parted. */
export class Bucket {
  readonly arn: string;
  readonly uploads = new Map<string, Upload>();
  /** By key, newest first. */
  readonly #versions = new Map<string, ObjectVersion[]>();
  #sortedKeys: string[] | undefined;
  #order = 0;
  #policy: CompiledPolicy | undefined;

  constructor(
    private readonly record: BucketRecord,
    readonly folder: BucketFolder,
    private readonly newId: () => string,
  ) {
    this.arn = `arn:aws:s3:::${record.name}`;
    this.#policy = this.#compile(record.settings.policy);
    for (const version of folder.load()) {
      this.#order = version.order;
      this.#versions.set(version.key, [version, ...this.versionsOf(version.key)]);
    }
    for (const upload of folder.loadUploads()) this.uploads.set(upload.id, upload);
  }

  get name(): string {
    return this.record.name;
  }

  get createdAt(): number {
    return this.record.createdAt;
  }

  get settings(): BucketSettings {
    return this.record.settings;
  }

  get policy(): CompiledPolicy | undefined {
    return this.#policy;
  }

  /** Changes settings. Throws, and changes nothing, where the policy is not one. */
  configure(change: Partial<BucketSettings>): void {
    const settings = { ...this.record.settings, ...change };
    const policy = this.#compile(settings.policy);
    this.folder.writeBucket({ ...this.record, settings });
    this.#policy = policy;
    this.record.settings = settings;
  }

  resetSettings(): void {
    this.configure(newSettings);
  }

  /** All keys that have versions, in S3's order: by their bytes. */
  keys(): readonly string[] {
    this.#sortedKeys ??= [...this.#versions.keys()].sort(byBytes);
    return this.#sortedKeys;
  }

  versionsOf(key: string): readonly ObjectVersion[] {
    return this.#versions.get(key) ?? [];
  }

  version(key: string, versionId: string): ObjectVersion | undefined {
    return this.versionsOf(key).find((one) => one.versionId === versionId);
  }

  /** The object as it is now; undefined where there is none or it was deleted. */
  current(key: string): ObjectVersion | undefined {
    const [newest] = this.versionsOf(key);
    return newest?.deleteMarker ? undefined : newest;
  }

  add(key: string, draft: Draft, body: Staged, now: number): ObjectVersion {
    return this.#add(key, draft, false, body, now);
  }

  /** Deletes without naming a version: only a bucket without versioning forgets anything by it. */
  deleteCurrent(key: string, now: number): { marker?: ObjectVersion; removed?: ObjectVersion } {
    if (this.settings.versioning) return { marker: this.#add(key, markerDraft, true, undefined, now) };
    const [removed] = this.versionsOf(key);
    if (!removed) return {};
    this.remove(removed);
    return { removed };
  }

  remove(version: ObjectVersion): void {
    const left = this.versionsOf(version.key).filter((one) => one !== version);
    if (left.length > 0) this.#versions.set(version.key, left);
    else this.#forget(version.key);
    this.folder.remove(version);
  }

  retag(version: ObjectVersion, tags: Record<string, string>): void {
    this.folder.rewriteRecord({ ...version, tags });
    version.tags = tags;
  }

  isEmpty(): boolean {
    return this.#versions.size === 0;
  }

  empty(): void {
    for (const key of [...this.#versions.keys()]) for (const version of this.versionsOf(key)) this.remove(version);
    for (const upload of [...this.uploads.values()]) this.dropUpload(upload);
  }

  beginUpload(upload: Upload): void {
    this.folder.writeUpload(upload);
    this.uploads.set(upload.id, upload);
  }

  /** In place of the part that had this number, if one had. */
  async addPart(upload: Upload, given: Part): Promise<void> {
    const replaced = upload.parts.get(given.number);
    const part = this.folder.addPart(upload, given);
    upload.parts.set(part.number, part);
    if (replaced && replaced.body.path !== part.body.path) await this.folder.discard(replaced.body);
  }

  dropUpload(upload: Upload): void {
    this.uploads.delete(upload.id);
    this.folder.dropUpload(upload);
  }

  #add(key: string, draft: Draft, deleteMarker: boolean, body: Staged | undefined, now: number): ObjectVersion {
    const versionId = this.settings.versioning === "Enabled" ? this.newId().replaceAll("-", "") : nullVersion;
    const lastModified = Math.floor(now / 1_000) * 1_000;
    const version: ObjectVersion = { ...draft, key, versionId, deleteMarker, lastModified, order: ++this.#order };
    const replaced = versionId === nullVersion ? this.version(key, nullVersion) : undefined;
    this.folder.add(version, body);
    if (!this.#versions.has(key)) this.#sortedKeys = undefined;
    this.#versions.set(key, [version, ...this.versionsOf(key).filter((one) => one !== replaced)]);
    if (replaced) this.folder.remove(replaced);
    return version;
  }

  #forget(key: string): void {
    this.#versions.delete(key);
    this.#sortedKeys = undefined;
  }

  #compile(policy: string | undefined): CompiledPolicy | undefined {
    return policy === undefined ? undefined : compilePolicy(policy, { name: this.name, kind: "resource" });
  }
}
