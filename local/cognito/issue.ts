import { createHash, randomBytes } from "node:crypto";
import type { Cloud } from "../cloud/cloud";
import { notAuthorized } from "./errors";
import type { Client, Pool, Session, User } from "./pool";

export interface Issued {
  AccessToken: string;
  IdToken: string;
  ExpiresIn: number;
  TokenType: "Bearer";
  RefreshToken?: string;
}

/** What a user may do with a token that signing in gave: look after oneself. */
const scope = "aws.cognito.signin.user.admin";

const flags = ["email_verified", "phone_number_verified"];

const attributeClaims = ({ attributes }: User): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, flags.includes(name) ? value === "true" : value]),
  );

/** Of a refresh token nothing else is kept. */
export const digestOf = (token: string): string => createHash("sha256").update(token).digest("hex");

const tokensFor = (cloud: Cloud, pool: Pool, client: Client, user: User, session: Session): Issued => {
  const iat = Math.floor(cloud.clock.now() / 1_000);
  const shared = {
    sub: user.attributes["sub"],
    iss: pool.issuer,
    origin_jti: session.origin,
    event_id: cloud.newId(),
    auth_time: session.authTime,
    iat,
  };
  return {
    AccessToken: pool.signing.sign("access", {
      ...shared,
      client_id: client.id,
      token_use: "access",
      scope,
      exp: iat + client.accessSeconds,
      jti: cloud.newId(),
      username: user.username,
    }),
    IdToken: pool.signing.sign("id", {
      ...shared,
      ...attributeClaims(user),
      "cognito:username": user.username,
      aud: client.id,
      token_use: "id",
      exp: iat + client.idSeconds,
      jti: cloud.newId(),
    }),
    ExpiresIn: client.accessSeconds,
    TokenType: "Bearer",
  };
};

/** Signs a user in. */
export const signIn = (cloud: Cloud, pool: Pool, client: Client, user: User): Issued => {
  const now = cloud.clock.now();
  const session: Session = {
    username: user.username,
    clientId: client.id,
    origin: cloud.newId(),
    authTime: Math.floor(now / 1_000),
    until: now + client.refreshSeconds * 1_000,
  };
  const RefreshToken = randomBytes(48).toString("base64url");
  pool.beginSession(digestOf(RefreshToken), session);
  return { ...tokensFor(cloud, pool, client, user, session), RefreshToken };
};

/** New tokens for one who is signed in. */
export const refresh = (cloud: Cloud, pool: Pool, client: Client, refreshToken: string): Issued => {
  const session = pool.session(digestOf(refreshToken));
  const user = session && pool.find(session.username);
  if (!session || !user || session.clientId !== client.id) throw notAuthorized("Invalid Refresh Token");
  if (session.until <= cloud.clock.now()) throw notAuthorized("Refresh Token has expired");
  if (!user.enabled) throw notAuthorized("User is disabled.");
  return tokensFor(cloud, pool, client, user, session);
};
