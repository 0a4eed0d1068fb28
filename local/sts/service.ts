import { account, type Cloud } from "../cloud/cloud";
import { takingOnly } from "../cloud/parameters";
import type { Call, Service } from "../cloud/service";
import { awsQuery, parametersIn } from "../gateway/awsQuery";
import { renaming } from "../gateway/renaming";

/** STS: says who one is. Whoever wants another role's keys asks for a function. */
export const createSts = (_cloud: Cloud): Service => ({
  signingName: "sts",
  protocol: renaming(awsQuery({ namespace: "https://sts.amazonaws.com/doc/2011-06-15/" }), {
    UnrecognizedClientException: { code: "InvalidClientTokenId" },
  }),
  operations: takingOnly(
    "sts",
    {},
    {
      GetCallerIdentity: {
        // AWS lets everybody ask this.
        access: () => [],
        run: (_input: never, { caller }: Call) => ({
          Arn: caller.name,
          UserId: caller.name,
          Account: caller.account ?? account,
        }),
      },
    },
    parametersIn,
  ),
  resources: {},
  reset: () => undefined,
  close: () => undefined,
});
