import { HttpApi } from "../../../../infra/httpApi";
import { readSettings } from "../../../../infra/settings";
import { createTokenIssuer } from "../../../../infra/userPool";
import { lambdaOf } from "../lambda";

const settings = readSettings();

new HttpApi(
  "ledger",
  {
    description: "A ledger",
    routes: [{ route: "GET /accounts", lambda: lambdaOf("accounts", 30, settings) }],
    tokens: createTokenIssuer(settings),
  },
  settings,
);
