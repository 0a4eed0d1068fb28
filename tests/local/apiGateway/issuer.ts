import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface TestIssuer {
  url: string;
  /** How often it was asked for its keys. */
  asked: () => number;
  /** Signs claims, over those of a token that is good for an hour. */
  token: (claims?: Record<string, unknown>, header?: Record<string, unknown>) => string;
  /** Signs with a key that is not published. */
  forged: () => string;
  /** Signs with a secret that everybody knows: the public key. */
  signedWithPublicKey: () => string;
  unsigned: () => string;
  /** From now on it signs with another key. */
  rotate: () => void;
  close: () => Promise<void>;
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** An issuer of tokens, on the loopback interface. */
export const startIssuer = async (now: () => number = Date.now): Promise<TestIssuer> => {
  const newKey = (kid: string) => ({ kid, ...generateKeyPairSync("rsa", { modulusLength: 2_048 }) });
  let key = newKey("first");
  let asked = 0;
  let url = "";
  const documents: Record<string, () => unknown> = {
    "/realm/.well-known/openid-configuration": () => ({ issuer: url, jwks_uri: `${url}/keys` }),
    "/realm/keys": () => {
      asked++;
      return { keys: [{ ...key.publicKey.export({ format: "jwk" }), kid: key.kid, alg: "RS256", use: "sig" }] };
    },
    "/liar/.well-known/openid-configuration": () => ({ issuer: "https://elsewhere.example.com", jwks_uri: url }),
  };
  const server = createServer((request, response) => {
    const document = documents[request.url ?? ""];
    response.writeHead(document ? 200 : 404).end(JSON.stringify(document?.() ?? {}));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realm`;

  const unsignedParts = (claims: object, header: object): string => {
    const seconds = Math.floor(now() / 1_000);
    const standard = { iss: url, aud: "ledger", sub: "user-1", iat: seconds, exp: seconds + 3_600 };
    return `${part({ alg: "RS256", kid: key.kid, ...header })}.${part({ ...standard, ...claims })}`;
  };
  const sign = (text: string, privateKey = key.privateKey): string =>
    `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey).toString("base64url")}`;

  return {
    url,
    asked: () => asked,
    token: (claims = {}, header = {}) => sign(unsignedParts(claims, header)),
    forged: () => sign(unsignedParts({}, {}), newKey("first").privateKey),
    signedWithPublicKey: () => {
      const text = unsignedParts({}, { alg: "HS256" });
      const secret = key.publicKey.export({ format: "pem", type: "spki" });
      return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
    },
    unsigned: () => `${unsignedParts({}, { alg: "none" })}.`,
    rotate: () => {
      key = newKey("second");
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
