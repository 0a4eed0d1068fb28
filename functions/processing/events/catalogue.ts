import { accountCreated } from "./accountCreated";
import { accountDeleted } from "./accountDeleted";
import { accountUpdated } from "./accountUpdated";
import { analysisComplete } from "./analysisComplete";
import { analysisNeeded } from "./analysisNeeded";
import { categoryRuleCreated } from "./categoryRuleCreated";
import { categoryRulesApplied } from "./categoryRulesApplied";
import { dataIngestionNeeded } from "./dataIngestionNeeded";
import type { EventDefinition } from "./definition";
import { earningsProcessed } from "./earningsProcessed";
import { fileAssociated } from "./fileAssociated";
import { fileProcessed } from "./fileProcessed";
import { fileUploaded } from "./fileUploaded";
import { pollenationNeeded } from "./pollenationNeeded";
import { pollinationComplete } from "./pollinationComplete";
import { shadowDifference } from "./shadowDifference";
import { transactionCategorized } from "./transactionCategorized";
import { transactionsCreated } from "./transactionsCreated";
import { transactionsDeleted } from "./transactionsDeleted";
import { transactionUpdated } from "./transactionUpdated";

/** Every event of the platform. A new one is a file beside this and a line here. */
export const catalogue = {
  pollenationNeeded,
  dataIngestionNeeded,
  pollinationComplete,
  earningsProcessed,
  analysisNeeded,
  analysisComplete,
  fileUploaded,
  fileProcessed,
  fileAssociated,
  transactionsCreated,
  transactionUpdated,
  transactionsDeleted,
  transactionCategorized,
  accountCreated,
  accountUpdated,
  accountDeleted,
  categoryRuleCreated,
  categoryRulesApplied,
  shadowDifference,
} as const satisfies Record<string, EventDefinition>;
