import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "./naming";
import type { Settings } from "./settings";

/** Whose tokens are believed, and for whom they must have been made. */
export interface TokenIssuer {
  issuer: pulumi.Output<string>;
  audience: pulumi.Output<string[]>;
}

const tokenMinutes = 60;
const refreshDays = 30;
const temporaryPasswordDays = 3;

/** The people who may use the platform, where nobody else keeps them: users, and the one application that they sign in to. */
export class UserPool extends pulumi.ComponentResource implements TokenIssuer {
  readonly issuer: pulumi.Output<string>;
  readonly audience: pulumi.Output<string[]>;

  constructor(
    readonly label: string,
    settings: Settings,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:UserPool", label, {}, opts);
    const pool = this.createPool(settings);
    const client = this.createClient(pool);
    // Through the client: whoever asks the issuer must find the pool complete.
    this.issuer = pulumi.all([pool.endpoint, client.id]).apply(([endpoint]) => `https://${endpoint}`);
    this.audience = client.id.apply((id) => [id]);
    this.registerOutputs({ issuer: this.issuer });
  }

  private createPool(settings: Settings): aws.cognito.UserPool {
    return new aws.cognito.UserPool(
      this.label,
      {
        name: physicalName(this.label),
        // Nobody signs up: who may in is decided by whoever runs the platform.
        adminCreateUserConfig: { allowAdminCreateUserOnly: true },
        accountRecoverySetting: { recoveryMechanisms: [{ name: "admin_only", priority: 1 }] },
        usernameConfiguration: { caseSensitive: false },
        passwordPolicy: {
          minimumLength: 12,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: false,
          temporaryPasswordValidityDays: temporaryPasswordDays,
        },
        deletionProtection: settings.protect ? "ACTIVE" : "INACTIVE",
      },
      { parent: this, protect: settings.protect },
    );
  }

  private createClient(pool: aws.cognito.UserPool): aws.cognito.UserPoolClient {
    return new aws.cognito.UserPoolClient(
      this.label,
      {
        name: physicalName(this.label),
        userPoolId: pool.id,
        // A browser could not keep a secret.
        generateSecret: false,
        explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        preventUserExistenceErrors: "ENABLED",
        enableTokenRevocation: true,
        accessTokenValidity: tokenMinutes,
        idTokenValidity: tokenMinutes,
        refreshTokenValidity: refreshDays,
        tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
      },
      { parent: this },
    );
  }
}

/** The issuer that the stack names, or else a user pool of our own. */
export const createTokenIssuer = (settings: Settings): TokenIssuer =>
  settings.jwtIssuer === undefined
    ? new UserPool("users", settings)
    : { issuer: pulumi.output(settings.jwtIssuer), audience: pulumi.output([...settings.jwtAudience]) };
