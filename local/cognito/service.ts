import type { Cloud } from "../cloud/cloud";
import { takingOnly } from "../cloud/parameters";
import type { HttpAnswer, HttpRequest, Service } from "../cloud/service";
import { awsJson } from "../gateway/awsJson";
import { jsonNames, renaming } from "../gateway/renaming";
import { realiseClient, realisePool } from "./declared";
import { parameters, parametersIn } from "./operations/input";
import { signInOperations } from "./operations/signIn";
import { userOperations } from "./operations/users";
import type { Pool } from "./pool";
import { Pools } from "./pools";

const target = "AWSCognitoIdentityProviderService";

/** What users ask for themselves: AWS does not know them, so that nothing of it is signed. */
const forUsers = ["InitiateAuth", "RespondToAuthChallenge", "GetUser"];

const document = (value: object): HttpAnswer => ({
  status: 200,
  headers: { "content-type": "application/json", "cache-control": "public, max-age=86400" },
  body: JSON.stringify(value),
});

const documents: Record<string, (pool: Pool) => object> = {
  "openid-configuration": ({ issuer }) => ({
    id_token_signing_alg_values_supported: ["RS256"],
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ["code", "token"],
    scopes_supported: ["openid", "email", "phone", "profile"],
    subject_types_supported: ["public"],
  }),
  "jwks.json": ({ signing }) => signing.published(),
};

/** Cognito's user pools: users who sign in, and the tokens that they get, signed with keys that the issuer publishes. */
export const createCognito = (cloud: Cloud, { journal }: { journal?: string } = {}): Service => {
  const pools = new Pools(cloud, journal);
  return {
    signingName: "cognito-idp",
    protocol: renaming(awsJson({ version: "1.1", target }), jsonNames),
    operations: takingOnly(
      "cognito-idp",
      parameters,
      { ...userOperations(cloud, pools), ...signInOperations(cloud, pools) },
      parametersIn,
    ),
    unsigned: ({ headers }: HttpRequest) => {
      const [prefix, operation = ""] = (headers["x-amz-target"] ?? "").split(".");
      return prefix === target && forUsers.includes(operation);
    },
    site: {
      answer: ({ path, method }) => {
        const [, id, name = ""] = /^\/([\w-]+)\/\.well-known\/([\w.-]+)$/.exec(path) ?? [];
        const pool = pools.all().find((one) => one.id === id);
        const made = documents[name];
        return pool && made && method === "GET" ? Promise.resolve(document(made(pool))) : undefined;
      },
    },
    resources: {
      "aws:cognito/userPool:UserPool": (declared) => realisePool(cloud, pools, declared),
      "aws:cognito/userPoolClient:UserPoolClient": (declared) => realiseClient(pools, declared),
    },
    reset: () => {
      for (const pool of pools.all()) pool.clear();
    },
    close: () => pools.close(),
  };
};
