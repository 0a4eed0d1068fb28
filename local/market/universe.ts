import type { Company } from "./companies/company";
import { anonymous } from "./companies/generated/anonymous";
import { reportingPlan } from "./companies/generated/calendar";
import { inventedCompany, sectorOf } from "./companies/generated/company";
import { generatedCompanies } from "./companies/generated/list";
import { publishedCompany } from "./companies/published/company";
import { publishedCompanies } from "./companies/published/list";
import { randomOf } from "./random";

export interface Member {
  symbol: string;
  name: string;
  sector: string;
  /** True if the company does not exist. */
  generated: boolean;
}

/** Every company that the market has by itself. */
export const universe: readonly Member[] = [
  ...publishedCompanies.map(({ symbol, name, sector }) => ({ symbol, name, sector, generated: false })),
  ...generatedCompanies.map(([symbol, name, kind]) => ({
    symbol,
    name,
    sector: sectorOf(kind).sector,
    generated: true,
  })),
];

const known = (symbol: string, seed: string): Company | undefined => {
  const published = publishedCompanies.find((company) => company.symbol === symbol);
  if (published) return publishedCompany(published);
  const place = generatedCompanies.findIndex(([one]) => one === symbol);
  const entry = generatedCompanies[place];
  if (!entry) return undefined;
  const [, name, kind] = entry;
  const plan = reportingPlan(place, randomOf(seed, symbol, "fiscal year").pick([0, 0, 0, 1, 2, 3]));
  return inventedCompany({ symbol, name, kind, plan, seed });
};

/** Finds a company by its symbol; made when first asked for, and then kept. */
export const companiesFrom = (seed: string): ((symbol: string) => Company) => {
  const made = new Map<string, Company>();
  return (symbol) => {
    const found = made.get(symbol) ?? known(symbol, seed) ?? inventedCompany(anonymous(symbol, seed));
    made.set(symbol, found);
    return found;
  };
};
