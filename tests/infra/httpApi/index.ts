import { createAlarm } from "../../../infra/alarms";
import { apiAlarms } from "../../../infra/apiAlarms";
import { HttpApi } from "../../../infra/httpApi";
import { readSettings } from "../../../infra/settings";
import { Topics } from "../../../infra/topics";
import { createTokenIssuer } from "../../../infra/userPool";
import { lambdaOf } from "./lambda";

const settings = readSettings();
const accounts = lambdaOf("accounts", 29, settings);

const api = new HttpApi(
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

const topics = new Topics("topics", settings);
for (const alarm of apiAlarms(api, settings.alarmMinimumEvents)) createAlarm(alarm, topics);

export const contract = api.contract;
