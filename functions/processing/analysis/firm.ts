import type { StoredReport } from "./fundamentals";
import type { NotComputable } from "./schema";

/** What decides which rules fit a firm. */
export type Kind = "manufacturer" | "service" | "financial";

const financialSector = /^financ/i;
const financialIndustry =
  /\bbanks?\b|banking|insurance|capital markets|credit services|asset management|security brokers|mortgage|savings inst|blank check/i;

const serviceSector = /services|trade|utilities|real estate/i;
const serviceIndustry =
  /software|services|internet|information|retail|stores|wholesale|distribut|restaurant|airline|railroad|truck|shipping|freight|lodging|resort|gambling|leisure|travel|telecom|broadcast|entertainment|publishing|advertising|education|consult|staffing|rental|hospital|care facilities|care plans/i;

/** Undefined unless both sector and industry are known: either alone could put a firm among the wrong kind. */
export const kindOf = (overview: StoredReport | undefined): Kind | undefined => {
  const sector = overview?.texts?.["sector"];
  const industry = overview?.texts?.["industry"];
  if (!sector || !industry) return undefined;
  if (financialSector.test(sector) || financialIndustry.test(industry)) return "financial";
  return serviceSector.test(sector) || serviceIndustry.test(industry) ? "service" : "manufacturer";
};

export const kindUnknown = (rule: string): NotComputable => ({
  notComputable: true,
  missing: ["sector and industry (company_overview)"],
  reason: `${rule} depends on the kind of firm, which is not known.`,
});

/** Why a rule that is not made for financial firms cannot be applied, if so. */
export const unfit = (kind: Kind | undefined, rule: string): NotComputable | undefined => {
  if (kind === undefined) return kindUnknown(rule);
  if (kind !== "financial") return undefined;
  return {
    notComputable: true,
    missing: [],
    reason: `${rule} does not fit banks, insurers and other financial firms.`,
  };
};
