import { createHash } from "node:crypto";
import { AwsError } from "../cloud/awsError";
import { account, type Cloud, region } from "../cloud/cloud";
import type { Journal } from "../cloud/journal";

export interface Version {
  id: string;
  value: string;
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
}

/** What must still be there after a restart. */
export type Kept =
  | { kind: "secret"; name: string; createdAt: number }
  | { kind: "version"; secret: string; version: Version };

const notFound = () => new AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");

/** AWS ends a secret's ARN in six characters of its own. */
const suffix = (name: string): string =>
  createHash("sha256").update(name).digest("base64url").replace(/\W|_/g, "x").slice(0, 6);

const newSecret = (name: string, createdAt: number): Secret => ({
  name,
  arn: `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${suffix(name)}`,
  description: undefined,
  createdAt,
  versions: [],
});

/** As AWS: of versions that have no stage any more the oldest go. */
const mostVersions = 100;

const lastDeclared = ({ versions }: Secret): Version | undefined => versions.findLast(({ declared }) => declared);

export const stagesOf = ({ versions }: Secret, version: Version): string[] => {
  if (version === versions.at(-1)) return ["AWSCURRENT"];
  return version === versions.at(-2) ? ["AWSPREVIOUS"] : [];
};

/** The secrets that were declared, and what an earlier process left of those that were not yet. */
export class Secrets {
  readonly #declared = new Map<string, Secret>();
  readonly #left = new Map<string, Secret>();

  constructor(
    private readonly cloud: Cloud,
    private readonly journal: Journal<Kept> | undefined,
  ) {
    if (!journal) return;
    for (const entry of journal.read()) {
      if (entry.kind === "secret") this.#left.set(entry.name, newSecret(entry.name, entry.createdAt));
      else this.#left.get(entry.secret)?.versions.push(entry.version);
    }
    for (const secret of this.#left.values()) {
      const newest = secret.versions.slice(-mostVersions);
      const declared = lastDeclared(secret);
      secret.versions = declared && !newest.includes(declared) ? [declared, ...newest] : newest;
    }
    this.#rewrite();
  }

  all(): Secret[] {
    return [...this.#declared.values()];
  }

  /** By name or ARN. */
  find(id = ""): Secret {
    const secret = this.#declared.get(id) ?? this.all().find(({ arn }) => arn === id);
    if (!secret) throw notFound();
    return secret;
  }

  declare(name: string, description: string | undefined): Secret {
    const left = this.#left.get(name);
    this.#left.delete(name);
    const secret = { ...(left ?? newSecret(name, this.cloud.clock.now())), description };
    this.#declared.set(name, secret);
    if (!left) this.journal?.append({ kind: "secret", name, createdAt: secret.createdAt });
    return secret;
  }

  /** A value that was declared before changes nothing: what was put since at run time stays current. */
  declareVersion(secret: Secret, value: string): Version {
    const before = lastDeclared(secret);
    return before?.value === value ? before : this.#add(secret, value, this.cloud.newId(), true);
  }

  put(secret: Secret, value: string, id: string = this.cloud.newId()): Version {
    const there = secret.versions.find((version) => version.id === id);
    if (there && there.value === value) return there;
    if (there) {
      throw new AwsError(
        "ResourceExistsException",
        `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
      );
    }
    return this.#add(secret, value, id, false);
  }

  /** Leaves what was declared. */
  reset(): void {
    this.#left.clear();
    for (const secret of this.all()) secret.versions = secret.versions.filter(({ declared }) => declared);
    this.#rewrite();
  }

  close(): void {
    this.journal?.close();
  }

  #add(secret: Secret, value: string, id: string, declared: boolean): Version {
    const version = { id, value, createdAt: this.cloud.clock.now(), declared };
    this.journal?.append({ kind: "version", secret: secret.name, version });
    secret.versions.push(version);
    return version;
  }

  #rewrite(): void {
    const all = [...this.#left.values(), ...this.all()];
    this.journal?.rewrite(
      all.flatMap(({ name, createdAt, versions }): Kept[] => [
        { kind: "secret", name, createdAt },
        ...versions.map((version): Kept => ({ kind: "version", secret: name, version })),
      ]),
    );
  }
}
