import { DirectTriggers } from "../infra/directTriggers";
import { useTable } from "../infra/grants";
import { computeAnalytics } from "./analytics";
import { categorizeTransactions } from "./categorization";
import { tellOwners } from "./ledgerNotification";
import type { Platform } from "./platform";

/** Does for the ledger's events what their consumers do, without a bus in between; or rehearses it, where the bus has them too. */
export const directTriggers = (platform: Platform): DirectTriggers =>
  new DirectTriggers(
    platform.direct,
    {
      description: "Has the effects of the ledger's events without the bus, or rehearses them beside it",
      memory: 256,
      needs: [
        ...computeAnalytics(platform),
        ...categorizeTransactions(platform),
        ...tellOwners(platform),
        useTable(platform.tables.effects, ["PutItem"]),
      ],
      callbackFactory: () => {
        const { directTriggers } =
          require("./processing/directTriggers") as typeof import("./processing/directTriggers");
        return (batch, context) => directTriggers(batch, context);
      },
    },
    platform.settings,
  );
