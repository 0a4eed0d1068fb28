import type { Period } from "./books";
import type { Reading } from "./reading";

/** What all of a firm's capital would cost, less the cash that comes with it. Nothing can be said of a firm that costs nothing. */
export const enterpriseValue = (read: Reading, year: Period): number =>
  read.positive(
    read.overview("marketCapitalization") +
      read.balance("shortLongTermDebtTotal", year) -
      read.balance("cashAndShortTermInvestments", year),
    `enterprise value (${year.date})`,
  );

export const marketValue = (read: Reading): number =>
  read.positive(read.overview("marketCapitalization"), "marketCapitalization");
