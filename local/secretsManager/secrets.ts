import { createHash } from "node:crypto";
import { unsupported } from "../cloud/awsError";
import { account, type Cloud, region } from "../cloud/cloud";
import type { Journal } from "../cloud/journal";
import { alreadyExists, invalidRequest, markedForDeletion, notFound, tokenInUse } from "./refusals";

export interface Value {
  value: string;
  /** The value is Base64 of bytes. */
  binary?: true;
}

export interface Version extends Value {
  id: string;
  createdAt: number;
  /** By the program, and not by a call at run time. */
  declared: boolean;
}

/** A secret with its versions, the current one last. */
export interface Secret {
  name: string;
  arn: string;
  description: string | undefined;
  createdAt: number;
  versions: Version[];
  /** By a call, and not by the program. */
  made: boolean;
  /** Once it is deleted: until when it can be restored. */
  goneAt: number | undefined;
}

interface Beginning {
  name: string;
  createdAt: number;
  /** @default declared */
  made?: boolean;
  /** Of one that was made: the program's own say it anew. */
  description?: string;
}

/** What must still be there after a restart. */
export type Kept =
  | ({ kind: "secret" } & Beginning)
  | { kind: "version"; secret: string; version: Version }
  | { kind: "deletion"; secret: string; goneAt: number | null };

/** AWS ends a secret's ARN in six characters of its own. */
const suffix = (name: string): string =>
  createHash("sha256").update(name).digest("base64url").replace(/\W|_/g, "x").slice(0, 6);

export const arnOf = (name: string): string =>
  `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${suffix(name)}`;

const newSecret = ({ name, createdAt, made = false, description }: Beginning): Secret => ({
  name,
  arn: arnOf(name),
  description,
  createdAt,
  versions: [],
  made,
  goneAt: undefined,
});

const beginningOf = ({ name, createdAt, made, description }: Secret): Kept => ({
  kind: "secret",
  name,
  createdAt,
  ...(made && { made, ...(description !== undefined && { description }) }),
});

/** As AWS: of versions that have no stage any more the oldest go. */
const mostVersions = 100;

const lastDeclared = ({ versions }: Secret): Version | undefined => versions.findLast(({ declared }) => declared);

export const stagesOf = ({ versions }: Secret, version: Version): string[] => {
  if (version === versions.at(-1)) return ["AWSCURRENT"];
  return version === versions.at(-2) ? ["AWSPREVIOUS"] : [];
};

/** The secrets that were declared or made, and what an earlier process left of those that were not declared yet. */
export class Secrets {
  readonly #there = new Map<string, Secret>();
  readonly #left = new Map<string, Secret>();

  constructor(
    private readonly cloud: Cloud,
    private readonly journal: Journal<Kept> | undefined,
  ) {
    if (!journal) return;
    for (const entry of journal.read()) {
      if (entry.kind === "secret") this.#left.set(entry.name, newSecret(entry));
      else if (entry.kind === "version") this.#left.get(entry.secret)?.versions.push(entry.version);
      else this.#markLeft(entry.secret, entry.goneAt ?? undefined);
    }
    for (const secret of this.#left.values()) {
      const newest = secret.versions.slice(-mostVersions);
      const declared = lastDeclared(secret);
      secret.versions = declared && !newest.includes(declared) ? [declared, ...newest] : newest;
      if (secret.made) this.#takeUp(secret);
    }
    this.#rewrite();
  }

  /** Those that can be restored among them. */
  all(): Secret[] {
    return [...this.#there.values()].filter((secret) => !this.#isGone(secret));
  }

  /** By name or ARN. */
  find(id = ""): Secret {
    const secret = this.all().find(({ name, arn }) => name === id || arn === id);
    if (!secret) throw notFound();
    return secret;
  }

  /** One that is not deleted. */
  findInUse(id?: string): Secret {
    const secret = this.find(id);
    if (secret.goneAt !== undefined) throw markedForDeletion();
    return secret;
  }

  /** What is declared is there, whatever was deleted before. */
  declare(name: string, description: string | undefined): Secret {
    if (this.#there.get(name)?.made) throw alreadyExists(name);
    const left = this.#left.get(name);
    this.#left.delete(name);
    const secret = { ...(left ?? newSecret({ name, createdAt: this.cloud.clock.now() })), description };
    this.#there.set(name, secret);
    if (!left) this.journal?.append(beginningOf(secret));
    if (secret.goneAt !== undefined) this.schedule(secret, undefined);
    return secret;
  }

  create(name: string, description: string | undefined): Secret {
    const there = this.#there.get(name);
    if (there && !this.#isGone(there)) {
      throw there.goneAt === undefined
        ? alreadyExists(name)
        : invalidRequest(
            "You can't create this secret because a secret with this name is already scheduled for deletion.",
          );
    }
    if (there && !there.made) throw unsupported(`a new secret ${name} in place of the program's, which is deleted`);
    const made = newSecret({
      name,
      createdAt: this.cloud.clock.now(),
      made: true,
      ...(description !== undefined && { description }),
    });
    this.journal?.append(beginningOf(made));
    this.#there.set(name, made);
    return made;
  }

  /** @param goneAt Undefined: it stays. */
  schedule(secret: Secret, goneAt: number | undefined): void {
    this.journal?.append({ kind: "deletion", secret: secret.name, goneAt: goneAt ?? null });
    secret.goneAt = goneAt;
  }

  /** A value that was declared before changes nothing: what was put since at run time stays current. */
  declareVersion(secret: Secret, value: string): Version {
    const before = lastDeclared(secret);
    return before?.value === value ? before : this.#add(secret, { value }, this.cloud.newId(), true);
  }

  put(secret: Secret, given: Value, id: string): Version {
    const there = secret.versions.find((version) => version.id === id);
    if (!there) return this.#add(secret, given, id, false);
    if (there.value === given.value && there.binary === given.binary) return there;
    throw tokenInUse(id, secret.arn);
  }

  /** Leaves what was declared. */
  reset(): void {
    this.#left.clear();
    for (const secret of this.#there.values()) {
      if (secret.made) this.#there.delete(secret.name);
      secret.versions = secret.versions.filter(({ declared }) => declared);
      secret.goneAt = undefined;
    }
    this.#rewrite();
  }

  close(): void {
    this.journal?.close();
  }

  #isGone({ goneAt }: Secret): boolean {
    return goneAt !== undefined && goneAt <= this.cloud.clock.now();
  }

  #markLeft(name: string, goneAt: number | undefined): void {
    const secret = this.#left.get(name);
    if (secret) secret.goneAt = goneAt;
  }

  #takeUp(secret: Secret): void {
    this.#left.delete(secret.name);
    if (!this.#isGone(secret)) this.#there.set(secret.name, secret);
  }

  #add(secret: Secret, given: Value, id: string, declared: boolean): Version {
    const version = { id, ...given, createdAt: this.cloud.clock.now(), declared };
    this.journal?.append({ kind: "version", secret: secret.name, version });
    secret.versions.push(version);
    return version;
  }

  #rewrite(): void {
    const all = [...this.#left.values(), ...this.#there.values()];
    this.journal?.rewrite(
      all.flatMap((secret): Kept[] => [
        beginningOf(secret),
        ...secret.versions.map((version): Kept => ({ kind: "version", secret: secret.name, version })),
        ...(secret.goneAt === undefined
          ? []
          : [{ kind: "deletion" as const, secret: secret.name, goneAt: secret.goneAt }]),
      ]),
    );
  }
}
