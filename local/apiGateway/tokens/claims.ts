import { createPublicKey, type JsonWebKey, verify as verifySignature } from "node:crypto";

/** A public key, as an issuer publishes it. */
export interface IssuedKey extends JsonWebKey {
  kid?: string;
  alg?: string;
}

/** Whom a token speaks for, as functions are told: every claim a text. */
export interface Identity {
  claims: Record<string, string>;
  /** Those of the route's that the token has; null where the route asks for none. */
  scopes: readonly string[] | null;
}

export type Claims = Record<string, unknown>;

export interface Token {
  header: Claims;
  claims: Claims;
  /** What is signed. */
  signed: Buffer;
  signature: Buffer;
}

/** Why a token is not believed. */
export class InvalidToken extends Error {
  override name = "InvalidToken";
}

/** Nothing else may sign: neither a secret that others would have to know, nor nobody. */
const algorithms: Record<string, string> = { RS256: "RSA-SHA256", RS384: "RSA-SHA384", RS512: "RSA-SHA512" };

const decodeJson = (part: string): Claims => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Claims;
  } catch {
    // falls through to the one message
  }
  throw new InvalidToken("the token is malformed");
};

export const readToken = (text: string): Token => {
  const parts = text.split(".");
  const [header = "", claims = "", signature = ""] = parts;
  if (parts.length !== 3) throw new InvalidToken("token contains an invalid number of segments");
  return {
    header: decodeJson(header),
    claims: decodeJson(claims),
    signed: Buffer.from(`${header}.${claims}`),
    signature: Buffer.from(signature, "base64url"),
  };
};

export const keyIdOf = ({ header: { alg, kid } }: Token): string => {
  if (typeof alg !== "string" || !(alg in algorithms)) throw new InvalidToken(`signing method ${alg} is invalid`);
  if (typeof kid !== "string") throw new InvalidToken("the token has no key id");
  return kid;
};

export const checkSignature = ({ header, signed, signature }: Token, key: IssuedKey): void => {
  const alg = String(header["alg"]);
  if (key.kty !== "RSA" || (key.alg !== undefined && key.alg !== alg)) {
    throw new InvalidToken(`signing method ${alg} is invalid`);
  }
  const good = verifySignature(algorithms[alg], signed, createPublicKey({ key, format: "jwk" }), signature);
  if (!good) throw new InvalidToken("the token has an invalid signature");
};

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === "string" ? [value] : [];

export interface Expected {
  issuer: string;
  audiences: readonly string[];
  /** Milliseconds since 1970. */
  now: number;
}

/** Compares what a token says of itself with what is expected; its signature has been checked by then. */
export const checkClaims = (claims: Claims, { issuer, audiences, now }: Expected): void => {
  const { iss, aud, client_id: client, exp, nbf, iat } = claims;
  const seconds = now / 1_000;
  if (iss !== issuer) throw new InvalidToken("the token does not have a valid issuer");
  if (!texts(aud ?? client).some((one) => audiences.includes(one))) {
    throw new InvalidToken("the token does not have a valid audience");
  }
  if (typeof exp !== "number" || exp <= seconds) throw new InvalidToken("the token has expired");
  if (nbf !== undefined && !(typeof nbf === "number" && nbf <= seconds)) {
    throw new InvalidToken("the token is not valid yet");
  }
  if (iat !== undefined && !(typeof iat === "number" && iat <= seconds)) {
    throw new InvalidToken("the token was issued in the future");
  }
};

/** Lists are written as API Gateway writes them. */
const asText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(asText).join(" ")}]`;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
};

/** Undefined where the route asks for scopes of which the token has none. */
export const identityOf = (claims: Claims, wanted: readonly string[]): Identity | undefined => {
  const given = [...texts(claims["scope"]), ...texts(claims["scp"])].flatMap((one) => one.split(" "));
  const scopes = wanted.filter((scope) => given.includes(scope));
  if (wanted.length > 0 && scopes.length === 0) return undefined;
  return {
    claims: Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, asText(value)])),
    scopes: wanted.length > 0 ? scopes : null,
  };
};
