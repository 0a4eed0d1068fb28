/** What is known of a company, in the order in which it is fetched: each costs one call of the provider. */
export const dataTypes = ["company_overview", "earnings", "income_statement", "balance_sheet", "cash_flow"] as const;

export type DataType = (typeof dataTypes)[number];
