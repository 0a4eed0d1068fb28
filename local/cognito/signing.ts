import { createPrivateKey, createPublicKey, createSign, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

/** What tokens are signed with: one key for those that say who somebody is, one for those that say what they may. */
export type Purpose = "id" | "access";

export interface KeptKey {
  purpose: Purpose;
  kid: string;
  /** PKCS #8. */
  pem: string;
}

interface SigningKey {
  kid: string;
  privateKey: KeyObject;
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

const generate = promisify(generateKeyPair);

export const newKey = async (purpose: Purpose, kid: string): Promise<KeptKey> => {
  const { privateKey } = await generate("rsa", { modulusLength: 2_048 });
  return { purpose, kid, pem: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
};

export class Signing {
  readonly #keys: Record<Purpose, SigningKey>;

  constructor(kept: readonly KeptKey[]) {
    const keyFor = (purpose: Purpose): SigningKey => {
      const found = kept.find((key) => key.purpose === purpose);
      if (!found) throw new Error(`there is no key to sign ${purpose} tokens with`);
      return { kid: found.kid, privateKey: createPrivateKey(found.pem) };
    };
    this.#keys = { id: keyFor("id"), access: keyFor("access") };
  }

  sign(purpose: Purpose, claims: Record<string, unknown>): string {
    const { kid, privateKey } = this.#keys[purpose];
    const signed = `${part({ kid, alg: "RS256" })}.${part(claims)}`;
    return `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKey).toString("base64url")}`;
  }

  /** The claims of a token of ours; undefined for any other. */
  read(purpose: Purpose, token: string): Record<string, unknown> | undefined {
    const [header = "", claims = "", signature = ""] = token.split(".");
    if (header !== part({ kid: this.#keys[purpose].kid, alg: "RS256" })) return undefined;
    const given = JSON.parse(Buffer.from(claims, "base64url").toString("utf8")) as Record<string, unknown>;
    return this.sign(purpose, given).split(".")[2] === signature ? given : undefined;
  }

  /** What the issuer publishes. */
  published(): { keys: object[] } {
    return {
      keys: Object.values(this.#keys).map(({ kid, privateKey }) => {
        const { e, kty, n } = createPublicKey(privateKey).export({ format: "jwk" });
        return { alg: "RS256", e, kid, kty, n, use: "sig" };
      }),
    };
  }
}
