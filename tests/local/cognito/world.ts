import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { type Certificate, makeCertificate } from "../../../local/certificate/certificate";
import { createCognito } from "../../../local/cognito/service";
import { startTestCloud, type TestCloud } from "../cloud";

export interface World extends TestCloud {
  sdk: CognitoIdentityProviderClient;
  /** Whom AWS does not know. */
  stranger: CognitoIdentityProviderClient;
  pool: { id: string; issuer: string };
  application: (more?: Record<string, unknown>) => Promise<string>;
  certificate: Certificate;
  /** Gets what the issuer publishes, over TLS. */
  published: (document: string) => Promise<{ status: number; body: Record<string, unknown> }>;
  journal: string;
  folder: string;
}

const certificates = async (folder: string) => makeCertificate(folder);

export const flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];

/** A cloud with one user pool. */
export const startWorld = async (kept?: { folder: string; port: number }): Promise<World> => {
  const folder = kept?.folder ?? (await mkdtemp(join(tmpdir(), "cognito-")));
  const certificate = await certificates(folder);
  const journal = join(folder, "users.jsonl");
  const world = await startTestCloud((cloud) => [createCognito(cloud, { journal })], undefined, {
    shown: async () => certificate,
    port: kept?.port ?? 0,
  });
  const { id, outputs } = await world.declare("aws:cognito/userPool:UserPool", "users", {
    name: "users",
    passwordPolicy: {
      minimumLength: 12,
      requireLowercase: true,
      requireUppercase: true,
      requireNumbers: true,
      requireSymbols: false,
      temporaryPasswordValidityDays: 3,
    },
  });
  const issuer = `https://${outputs["endpoint"]}`;
  return {
    ...world,
    certificate,
    journal,
    folder,
    pool: { id: String(id), issuer },
    sdk: new CognitoIdentityProviderClient(world.client),
    stranger: new CognitoIdentityProviderClient({
      ...world.client,
      credentials: { accessKeyId: "x", secretAccessKey: "x" },
    }),
    application: async (more = {}) => {
      const made = await world.declare("aws:cognito/userPoolClient:UserPoolClient", "app", {
        name: "app",
        userPoolId: id,
        explicitAuthFlows: flows,
        preventUserExistenceErrors: "ENABLED",
        accessTokenValidity: 60,
        idTokenValidity: 60,
        refreshTokenValidity: 30,
        tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
        ...more,
      });
      return String(made.id);
    },
    published: async (document) => {
      const asked = request(`${issuer}/.well-known/${document}`, { ca: certificate.pem });
      asked.end();
      const [response] = (await once(asked, "response")) as [IncomingMessage];
      return { status: response.statusCode ?? 0, body: (await json(response)) as Record<string, unknown> };
    },
    close: async () => {
      await world.close();
      if (!kept) await rm(folder, { recursive: true, force: true });
    },
  };
};
