import { InvalidToken, type IssuedKey } from "./claims";

/** Gets a document from an issuer, as JSON. */
export type FetchDocument = (url: string) => Promise<unknown>;

const keptMs = 2 * 3_600_000;
/** A key that is not known may be new; who invents keys must not make us ask for each. */
const againAfterMs = 60_000;

const wellKnown = (issuer: string): string => `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whose keys sign tokens. Asked for them over HTTP, like any other issuer. */
export class Issuer {
  #keys: IssuedKey[] = [];
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<void> | undefined;

  constructor(
    readonly url: string,
    private readonly fetchDocument: FetchDocument,
    private readonly now: () => number,
  ) {}

  /** Throws what API Gateway says of an issuer that it cannot ask. */
  async introduce(): Promise<void> {
    try {
      await this.#refresh();
    } catch (error) {
      throw new Error(
        `Caught exception when connecting to ${wellKnown(this.url)} for issuer ${this.url}. Please try again later. Error: Invalid issuer: ${this.url}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration' (${messageOf(error)})`,
      );
    }
  }

  async keyOf(kid: string): Promise<IssuedKey> {
    const age = this.now() - this.#fetchedAt;
    const known = () => this.#keys.find((key) => key.kid === kid);
    if (age > keptMs || (!known() && age > againAfterMs)) {
      await this.#refresh().catch(() => {
        throw new InvalidToken("OIDC discovery endpoint communication error");
      });
    }
    const key = known();
    if (!key) throw new InvalidToken("the token was signed with a key that its issuer does not have");
    return key;
  }

  #refresh(): Promise<void> {
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    const { issuer, jwks_uri: keysAt } = (await this.fetchDocument(wellKnown(this.url))) as Record<string, unknown>;
    if (issuer !== this.url) throw new Error(`it calls itself ${issuer}`);
    if (typeof keysAt !== "string") throw new Error("it has no jwks_uri");
    const { keys } = (await this.fetchDocument(keysAt)) as { keys?: unknown };
    if (!Array.isArray(keys)) throw new Error("it has no keys");
    this.#keys = keys as IssuedKey[];
    this.#fetchedAt = this.now();
  }
}
