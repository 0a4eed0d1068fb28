import { transactionsDeleted } from "../../events/transactionsDeleted";
import { limits } from "../../limits";
import { type Act, type Step, tell } from "../commit";
import { transactionsTable } from "../row";
import { type Tombstone, type Transaction, tombstone } from "../transaction";

/** As many as one transaction removes, beside the event and what its caller adds. */
const mostAtOnce = limits.transactionItems - 3;

interface Removal {
  by: Tombstone["deletedBy"];
  type: "single" | "bulk";
}

/** Takes transactions away, with one event for as many as fit a transaction. */
export const removalSteps = (transactions: readonly Transaction[], { by, type }: Removal, act: Act): Step[] => {
  const steps: Step[] = [];
  for (let at = 0; at < transactions.length; at += mostAtOnce) {
    const chunk = transactions.slice(at, at + mostAtOnce);
    const [first] = chunk;
    const event = tell(
      transactionsDeleted,
      {
        transactionIds: chunk.map(({ transactionId }) => transactionId),
        accountIds: [...new Set(chunk.flatMap(({ accountId }) => accountId ?? []))],
        deletionType: type,
      },
      act,
      `${first?.transactionId}#${first?.version}`,
    );
    steps.push({
      rows: chunk.map((before) => ({
        table: transactionsTable,
        before,
        after: { ...tombstone(before, { changeId: act.changeId, at: act.at, by }) },
      })),
      tells: [event],
    });
  }
  return steps;
};
