import { Consumer } from "../infra/consumer";
import { type Need, notify, useTable } from "../infra/grants";
import type { Platform } from "./platform";
import { toldEvents } from "./processing/notices/kind";

/** To tell somebody what happened to their books. */
export const tellOwners = ({ tables, topics }: Platform): Need[] => [
  useTable(tables.notifications, ["BatchGetItem", "PutItem", "UpdateItem"]),
  useTable(tables.accounts, ["GetItem"]),
  notify(topics, "ledger-notification"),
];

/** Tells people what happened to their books, as far as they want to know and not too often. */
export const ledgerNotification = (platform: Platform): Consumer =>
  new Consumer(
    "ledger-notification",
    {
      bus: platform.bus,
      events: toldEvents,
      function: {
        description: "Tells people what happened to their books",
        timeout: 30,
        memory: 256,
        needs: tellOwners(platform),
        callbackFactory: () => {
          const { ledgerNotification } =
            require("./processing/ledgerNotification") as typeof import("./processing/ledgerNotification");
          return (batch, context) => ledgerNotification(batch, context);
        },
      },
    },
    platform.settings,
  );
