const topics: Readonly<Record<string, string>> = {
  TECHNOLOGY: "Technology",
  HEALTHCARE: "Life Sciences",
  "CONSUMER DEFENSIVE": "Retail & Wholesale",
  "CONSUMER CYCLICAL": "Retail & Wholesale",
  ENERGY: "Energy & Transportation",
  UTILITIES: "Energy & Transportation",
  INDUSTRIALS: "Manufacturing",
  "BASIC MATERIALS": "Manufacturing",
  "COMMUNICATION SERVICES": "Technology",
  "REAL ESTATE": "Real Estate & Construction",
};

/** What news about a company of this sector is filed under. */
export const topicOf = (sector: string): string => topics[sector] ?? "Finance";
