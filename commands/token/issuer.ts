import { ApiGatewayV2Client, GetApisCommand, GetAuthorizersCommand } from "@aws-sdk/client-apigatewayv2";
import { UserError } from "../../local/engine/stackFile";
import type { Reach } from "../platform";

/** Who gives out the tokens that a stack's API believes. */
export interface FoundIssuer {
  /** Where the API is. */
  api: string;
  userPoolId: string;
  clientId: string;
}

const poolIn = (issuer: string): string | undefined => /\/([a-z]{2}(?:-[a-z]+)+-\d_\w+)$/.exec(issuer)?.[1];

/** Asks the API itself. */
export const findIssuer = async (reach: Reach, stack: string): Promise<FoundIssuer> => {
  const sdk = new ApiGatewayV2Client(reach);
  const { Items: apis = [] } = await sdk.send(new GetApisCommand({}));
  for (const { ApiId, ApiEndpoint = "" } of apis.filter(({ Name = "" }) => Name.startsWith(`signal9-${stack}-`))) {
    const { Items: authorizers = [] } = await sdk.send(new GetAuthorizersCommand({ ApiId }));
    for (const { JwtConfiguration: { Issuer = "", Audience = [] } = {} } of authorizers) {
      const userPoolId = poolIn(Issuer);
      const [clientId] = Audience;
      if (userPoolId !== undefined && clientId !== undefined) return { api: ApiEndpoint, userPoolId, clientId };
      throw new UserError(`The tokens of stack ${stack} come from ${Issuer}: ask there for one`);
    }
  }
  throw new UserError(`Stack ${stack} has no HTTP API that takes tokens`);
};
