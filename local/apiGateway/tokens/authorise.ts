import type { WebRequest } from "../../cloud/service";
import { Refusal } from "../answer/refusal";
import type { Authorizer } from "../api";
import { checkClaims, checkSignature, type Identity, InvalidToken, identityOf, keyIdOf, readToken } from "./claims";

const tokenIn = ({ headers, query }: WebRequest, { identity }: Authorizer): string => {
  const text = identity.in === "header" ? headers[identity.name] : query.get(identity.name);
  return (text ?? "").replace(/^Bearer(\s+|$)/i, "").trim();
};

const challenge = (scopes: readonly string[], error: string, description: string): string =>
  `Bearer scope="${scopes.join(" ")}" error="${error}" error_description="${description}"`;

/** Who calls, by the token that the request shows. */
export const authorise = async (
  http: WebRequest,
  authorizer: Authorizer,
  scopes: readonly string[],
  now: number,
): Promise<Identity> => {
  const text = tokenIn(http, authorizer);
  if (text === "") throw new Refusal(401, { authorizer: "no token" }, { "www-authenticate": "Bearer" });
  try {
    const token = readToken(text);
    checkSignature(token, await authorizer.issuer.keyOf(keyIdOf(token)));
    checkClaims(token.claims, { issuer: authorizer.issuer.url, audiences: authorizer.audiences, now });
    const identity = identityOf(token.claims, scopes);
    if (identity) return identity;
  } catch (error) {
    if (!(error instanceof InvalidToken)) throw error;
    const header = challenge(scopes, "invalid_token", error.message);
    throw new Refusal(401, { authorizer: error.message }, { "www-authenticate": header });
  }
  const lacking = "the token does not have any of the scopes that the route asks for";
  throw new Refusal(
    403,
    { authorizer: lacking },
    { "www-authenticate": challenge(scopes, "insufficient_scope", lacking) },
  );
};
