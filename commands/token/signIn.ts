import { randomBytes } from "node:crypto";
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  type AuthenticationResultType,
  CognitoIdentityProviderClient,
  NotAuthorizedException,
  UsernameExistsException,
} from "@aws-sdk/client-cognito-identity-provider";
import { UserError } from "../../local/engine/stackFile";
import type { Reach } from "../platform";
import type { FoundIssuer } from "./issuer";

const signIn = async (
  sdk: CognitoIdentityProviderClient,
  { userPoolId, clientId }: FoundIssuer,
  USERNAME: string,
  PASSWORD: string,
): Promise<AuthenticationResultType> => {
  const { AuthenticationResult, ChallengeName } = await sdk.send(
    new AdminInitiateAuthCommand({
      UserPoolId: userPoolId,
      ClientId: clientId,
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME, PASSWORD },
    }),
  );
  if (AuthenticationResult) return AuthenticationResult;
  throw new UserError(`${USERNAME} cannot sign in by password alone: ${ChallengeName}`);
};

/** Signs in a user who is there; nobody's password is changed. */
export const signInOnAws = (
  reach: Reach,
  issuer: FoundIssuer,
  user: string,
  password: string,
): Promise<AuthenticationResultType> =>
  signIn(new CognitoIdentityProviderClient(reach), issuer, user, password).catch((error: unknown) => {
    throw error instanceof NotAuthorizedException ? new UserError(`${user}: ${error.message}`) : error;
  });

/** Every policy takes it. */
const newPassword = (): string => `Aa1!${randomBytes(18).toString("base64url")}`;

/** Signs in a user of the embedded cloud, who is made on demand and has another password each time. */
export const signInTester = async (
  reach: Reach,
  issuer: FoundIssuer,
  Username: string,
): Promise<AuthenticationResultType> => {
  const sdk = new CognitoIdentityProviderClient(reach);
  const { userPoolId: UserPoolId } = issuer;
  await sdk
    .send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: "SUPPRESS" }))
    .catch((error: unknown) => {
      if (!(error instanceof UsernameExistsException)) throw error;
    });
  const Password = newPassword();
  await sdk.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }));
  return signIn(sdk, issuer, Username, Password);
};
