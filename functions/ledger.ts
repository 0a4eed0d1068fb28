import { keepObjects, removeObjects, setting, useTable } from "../infra/grants";
import type { HttpRoute, RouteKey } from "../infra/httpApi";
import { Lambda } from "../infra/lambda";
import { Schedule } from "../infra/schedule";
import type { Platform } from "./platform";
import { describeLedger, operations } from "./processing/ledger/operations/description";
import { tellOfBooks } from "./publishing";

/** Every change goes through the outbox, and is answered once under its key. */
const changing = (platform: Platform) => [
  useTable(platform.tables["event-store"], ["PutItem", "UpdateItem"]),
  setting("EVENT_RETENTION_DAYS", platform.settings.eventRetentionDays),
  ...tellOfBooks(platform),
];

const answering = ({ tables }: Platform) => useTable(tables.effects, ["GetItem", "PutItem"]);

/** An answer takes milliseconds; what is begun in bulk stops in time, and is gone on with. */
const size = { timeout: 25, memory: 512 };

const accounts = (platform: Platform): Lambda =>
  new Lambda(
    "ledger-accounts",
    {
      ...size,
      description: "Accounts of the ledger, and what people want to know, over HTTP",
      needs: [
        useTable(platform.tables.accounts, ["GetItem", "PutItem"], { table: true }),
        useTable(platform.tables.transactions, [], { indexes: ["by-account"] }),
        useTable(platform.tables.notifications, ["GetItem", "PutItem"]),
        answering(platform),
        ...changing(platform),
      ],
      callbackFactory: () => {
        const { ledgerAccounts } =
          require("./processing/ledgerAccounts") as typeof import("./processing/ledgerAccounts");
        return (event, context) => ledgerAccounts(event, context);
      },
    },
    platform.settings,
  );

const transactions = (platform: Platform): Lambda =>
  new Lambda(
    "ledger-transactions",
    {
      ...size,
      description: "Transactions of the ledger over HTTP",
      needs: [
        useTable(platform.tables.transactions, ["BatchGetItem", "PutItem"], {
          indexes: ["by-date", "by-account", "by-category", "by-file"],
        }),
        useTable(platform.tables.accounts, ["GetItem", "BatchGetItem", "ConditionCheckItem"]),
        useTable(platform.tables.files, ["BatchGetItem"]),
        answering(platform),
        ...changing(platform),
      ],
      callbackFactory: () => {
        const { ledgerTransactions } =
          require("./processing/ledgerTransactions") as typeof import("./processing/ledgerTransactions");
        return (event, context) => ledgerTransactions(event, context);
      },
    },
    platform.settings,
  );

const rules = (platform: Platform): Lambda =>
  new Lambda(
    "ledger-rules",
    {
      ...size,
      description: "Category rules of the ledger over HTTP",
      needs: [
        useTable(platform.tables["category-rules"], ["GetItem", "PutItem", "DeleteItem"], { table: true }),
        useTable(platform.tables.transactions, ["BatchGetItem", "PutItem"], { indexes: ["by-date"] }),
        useTable(platform.tables.accounts, ["BatchGetItem"]),
        useTable(platform.tables.files, ["BatchGetItem"]),
        answering(platform),
        ...changing(platform),
      ],
      callbackFactory: () => {
        const { ledgerRules } = require("./processing/ledgerRules") as typeof import("./processing/ledgerRules");
        return (event, context) => ledgerRules(event, context);
      },
    },
    platform.settings,
  );

const files = (platform: Platform): Lambda =>
  new Lambda(
    "ledger-files",
    {
      ...size,
      description: "Statements of the ledger over HTTP",
      needs: [
        useTable(platform.tables.files, ["GetItem", "PutItem", "ConditionCheckItem"], { table: true }),
        useTable(platform.tables.transactions, ["BatchGetItem", "PutItem"], { indexes: ["by-file"] }),
        useTable(platform.tables.accounts, ["GetItem", "ConditionCheckItem"]),
        keepObjects(platform.uploads.bucket),
        answering(platform),
        ...changing(platform),
      ],
      callbackFactory: () => {
        const { ledgerFiles } = require("./processing/ledgerFiles") as typeof import("./processing/ledgerFiles");
        return (event, context) => ledgerFiles(event, context);
      },
    },
    platform.settings,
  );

/** The routes of the ledger, from the table of its operations. */
export const ledger = (platform: Platform): HttpRoute[] => {
  const made = {
    accounts: accounts(platform),
    transactions: transactions(platform),
    rules: rules(platform),
    files: files(platform),
  };
  const routes = (Object.keys(made) as (keyof typeof made)[]).flatMap((area) =>
    operations[area].map(({ route }): HttpRoute => ({ route: route as RouteKey, lambda: made[area] })),
  );
  return [...routes, { route: describeLedger.route as RouteKey, lambda: made.accounts, public: true }];
};

/** Brings to its end what requests began: removals, and moves of what is too much for one request. */
export const ledgerUpkeep = (platform: Platform): Schedule =>
  new Schedule(
    "ledger-upkeep",
    {
      triggers: { sweep: "rate(5 minutes)" },
      function: {
        description: "Takes away what deleted accounts and files had, and moves what belongs to another account",
        timeout: 240,
        memory: 512,
        needs: [
          useTable(platform.tables.accounts, ["GetItem", "DeleteItem", "ConditionCheckItem"], {
            indexes: ["unfinished"],
          }),
          useTable(platform.tables.files, ["GetItem", "PutItem", "DeleteItem", "ConditionCheckItem"], {
            indexes: ["unfinished", "by-account"],
          }),
          useTable(platform.tables.transactions, ["BatchGetItem", "PutItem"], { indexes: ["by-file", "by-account"] }),
          removeObjects(platform.uploads.bucket),
          ...changing(platform),
        ],
        callbackFactory: () => {
          const { ledgerUpkeep } = require("./processing/ledgerUpkeep") as typeof import("./processing/ledgerUpkeep");
          return (event, context) => ledgerUpkeep(event, context);
        },
      },
    },
    platform.settings,
  );
