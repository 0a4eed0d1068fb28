import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { physicalName } from "./naming";
import type { Settings } from "./settings";

export interface Secret {
  label: string;
  resource: aws.secretsmanager.Secret;
}

export const createSecret = (
  label: string,
  value: pulumi.Output<string>,
  settings: Settings,
  opts?: pulumi.CustomResourceOptions,
): Secret => {
  const resource = new aws.secretsmanager.Secret(
    label,
    {
      name: physicalName(label),
      description: `Read at run time by functions of ${physicalName("platform")}`,
      // Without protection a destroyed stack must be able to come back under the same name.
      recoveryWindowInDays: settings.protect ? 30 : 0,
    },
    opts,
  );
  new aws.secretsmanager.SecretVersion(label, { secretId: resource.id, secretString: value }, opts);
  return { label, resource };
};

export interface Secrets {
  alpaca?: Secret;
  alphaVantage?: Secret;
}

/** The providers' keys, for those that are set. Functions get the ARN; the value never leaves Secrets Manager otherwise. */
export const createSecrets = (settings: Settings): Secrets => {
  const { alpacaKeyId, alpacaSecretKey, alphaVantageKey } = settings;
  return {
    ...(alpacaKeyId &&
      alpacaSecretKey && {
        alpaca: createSecret(
          "alpaca",
          alpacaKeyId.apply((keyId) => alpacaSecretKey.apply((secretKey) => JSON.stringify({ keyId, secretKey }))),
          settings,
        ),
      }),
    ...(alphaVantageKey && {
      alphaVantage: createSecret(
        "alpha-vantage",
        alphaVantageKey.apply((key) => JSON.stringify({ key })),
        settings,
      ),
    }),
  };
};
