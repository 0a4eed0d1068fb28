import { type Need, readSecret, setting, useObjects, useTable } from "../infra/grants";
import type { Platform } from "./platform";

/** What calling a provider takes besides its key: the budget of calls, and a place for what it says. */
const calling = ({ tables, buckets }: Platform): Need[] => [
  useTable(tables["api-budget"], ["GetItem", "PutItem"]),
  useObjects(buckets["raw-answers"]),
];

const alphaVantagePlan = ({ settings }: Platform): Need[] => [
  setting("ALPHA_VANTAGE_PER_DAY", settings.alphaVantagePerDay),
  setting("ALPHA_VANTAGE_PER_SECOND", settings.alphaVantagePerSecond),
  setting("ALPHA_VANTAGE_CALENDAR_CALLS", settings.alphaVantageCalendarCalls),
  setting("ALPHA_VANTAGE_NEWS_CALLS", settings.alphaVantageNewsCalls),
];

/** To know how many calls are left, and make none. */
export const knowBudget = (platform: Platform): Need[] => [
  useTable(platform.tables["api-budget"], ["GetItem"]),
  ...alphaVantagePlan(platform),
];

export const callAlphaVantage = (platform: Platform): Need[] => {
  const { settings, secrets } = platform;
  return [
    ...calling(platform),
    ...alphaVantagePlan(platform),
    setting("ALPHA_VANTAGE_URL", settings.alphaVantageUrl),
    ...(secrets.alphaVantage ? [readSecret(secrets.alphaVantage)] : []),
  ];
};

export const callAlpaca = (platform: Platform): Need[] => {
  const { settings, secrets } = platform;
  return [
    ...calling(platform),
    setting("ALPACA_URL", settings.alpacaUrl),
    setting("ALPACA_PER_MINUTE", settings.alpacaPerMinute),
    ...(secrets.alpaca ? [readSecret(secrets.alpaca)] : []),
  ];
};
