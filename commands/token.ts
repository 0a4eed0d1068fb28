import { UserError } from "../local/engine/stackFile";
import { command, readArgs } from "./commandLine";
import { openGiven, platformOptions } from "./platform";
import { findIssuer } from "./token/issuer";
import { signInOnAws, signInTester } from "./token/signIn";
import { visibleJson } from "./visible";

const usage = `Usage: npm run -s token -- [OPTIONS]

Prints a token with which the HTTP API can be called, and nothing else:

  API=$(npm run -s token -- --json | jq -r .api)
  curl -H "authorization: Bearer $(npm run -s token)" "$API/accounts"

  --user NAME      whose (default tester). On the embedded cloud the user is made if there is none of the name
  --id             the token that says who the user is, instead of the one that says what the user may
  --json           all that signing in gave, and where the API is
  --stack NAME     the stack (default dev)
  --endpoint URL   where the embedded cloud listens (default http://127.0.0.1:4566)
  --aws            AWS instead, with the credentials and the region of the environment: the user must be there, with
                   the password in SIGNAL9_PASSWORD
  --help           this text`;

command(async (args) => {
  const given = readArgs(
    args,
    {
      user: { type: "string", default: "tester" },
      id: { type: "boolean", default: false },
      ...platformOptions,
    },
    usage,
  );
  if (given.help) {
    console.log(usage);
    return;
  }
  const { reach } = await openGiven(given);
  const issuer = await findIssuer(reach, given.stack);
  const password = process.env["SIGNAL9_PASSWORD"];
  if (given.aws && !password) throw new UserError("Set SIGNAL9_PASSWORD to the password of the user");
  const issued =
    given.aws && password
      ? await signInOnAws(reach, issuer, given.user, password)
      : await signInTester(reach, issuer, given.user);
  if (given.json) console.log(visibleJson({ api: issuer.api, ...issued }));
  else console.log(given.id ? issued.IdToken : issued.AccessToken);
});
