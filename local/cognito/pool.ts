import { account, region } from "../cloud/cloud";
import { userNotFound } from "./errors";
import type { Hashed, PasswordPolicy } from "./password";
import type { Signing } from "./signing";

export interface User {
  username: string;
  attributes: Record<string, string>;
  status: "FORCE_CHANGE_PASSWORD" | "CONFIRMED";
  enabled: boolean;
  password: Hashed;
  /** Until when a temporary password may be used. */
  temporaryUntil?: number;
  createdAt: number;
  modifiedAt: number;
}

export interface Client {
  id: string;
  name: string;
  flows: readonly string[];
  hidesUsers: boolean;
  accessSeconds: number;
  idSeconds: number;
  refreshSeconds: number;
}

/** What a refresh token stands for. */
export interface Session {
  username: string;
  clientId: string;
  /** When somebody signed in, by the name of that. */
  origin: string;
  authTime: number;
  until: number;
}

export interface PoolSettings {
  name: string;
  caseSensitive: boolean;
  passwords: PasswordPolicy;
}

/** What has changed in a pool, to be kept. */
export type Change =
  | { kind: "user"; pool: string; user: User }
  | { kind: "userGone"; pool: string; username: string }
  | { kind: "session"; pool: string; token: string; session: Session }
  | { kind: "sessionGone"; pool: string; token: string };

export const poolArn = (id: string): string => `arn:aws:cognito-idp:${region}:${account}:userpool/${id}`;

/** Users, and the clients that they sign in to. */
export class Pool {
  readonly clients = new Map<string, Client>();
  readonly #users = new Map<string, User>();
  readonly #sessions = new Map<string, Session>();

  constructor(
    readonly id: string,
    /** As its tokens name it, and where its keys are published. */
    readonly issuer: string,
    readonly settings: PoolSettings,
    readonly signing: Signing,
    private readonly keep: (change: Change) => void,
  ) {}

  /** Takes over what was kept. */
  restore(change: Change): void {
    if (change.kind === "user") this.#users.set(this.#key(change.user.username), change.user);
    else if (change.kind === "userGone") this.#users.delete(this.#key(change.username));
    else if (change.kind === "session") this.#sessions.set(change.token, change.session);
    else this.#sessions.delete(change.token);
  }

  users(): User[] {
    return [...this.#users.values()];
  }

  find(username: string): User | undefined {
    return (
      this.#users.get(this.#key(username)) ?? this.users().find(({ attributes }) => attributes["sub"] === username)
    );
  }

  get(username: string): User {
    const user = this.find(username);
    if (!user) throw userNotFound();
    return user;
  }

  put(user: User): void {
    this.#change({ kind: "user", pool: this.id, user });
  }

  /** Whoever is gone stays signed in nowhere. */
  remove(username: string): void {
    this.#change({ kind: "userGone", pool: this.id, username });
    for (const [token, session] of this.#sessions) if (session.username === username) this.endSession(token);
  }

  session(token: string): Session | undefined {
    return this.#sessions.get(token);
  }

  beginSession(token: string, session: Session): void {
    this.#change({ kind: "session", pool: this.id, token, session });
  }

  endSession(token: string): void {
    this.#change({ kind: "sessionGone", pool: this.id, token });
  }

  clear(): void {
    for (const { username } of this.users()) this.remove(username);
  }

  /** What is worth keeping of it. */
  *story(now: number): Iterable<Change> {
    for (const user of this.users()) yield { kind: "user", pool: this.id, user };
    for (const [token, session] of this.#sessions)
      if (session.until > now) yield { kind: "session", pool: this.id, token, session };
  }

  #change(change: Change): void {
    this.keep(change);
    this.restore(change);
  }

  #key(username: string): string {
    return this.settings.caseSensitive ? username : username.toLowerCase();
  }
}
