import { HttpApi } from "../../../infra/httpApi";
import { readSettings } from "../../../infra/settings";
import { createTokenIssuer } from "../../../infra/userPool";
import { lambdaOf } from "./lambda";

const settings = readSettings();
const accounts = lambdaOf("accounts", 29, settings);

new HttpApi(
  "ledger",
  {
    description: "A ledger",
    routes: [
      { route: "GET /accounts", lambda: accounts },
      { route: "PATCH /accounts/{accountId}", lambda: accounts },
      { route: "GET /health", lambda: lambdaOf("health", 5, settings), public: true },
    ],
    tokens: createTokenIssuer(settings),
  },
  settings,
);
