/** From, to. */
type Range = readonly [number, number];

/** How companies of one kind earn and spend. Shares are of revenue, growth and rates a year. */
export interface Trade {
  sector: string;
  industry: string;
  /** At the start, in millions of dollars. */
  annualRevenue: Range;
  growth: Range;
  /** How far a quarter may fall out of the trend. */
  swing: number;
  /** Of the four quarters. */
  season: readonly [number, number, number, number];
  grossMargin: Range;
  sellingAndAdministration: Range;
  research: Range;
  receivableDays: Range;
  inventoryDays: Range;
  payableDays: Range;
  prepaid: Range;
  capitalExpenditure: Range;
  assetLife: Range;
  debt: Range;
  payout: Range;
  priceToSales: Range;
}

const even = [1, 1, 1, 1] as const;

const ordinary: Omit<Trade, "sector" | "industry"> = {
  annualRevenue: [800, 12_000],
  growth: [0.01, 0.07],
  swing: 0.02,
  season: even,
  grossMargin: [0.3, 0.42],
  sellingAndAdministration: [0.15, 0.2],
  research: [0, 0.02],
  receivableDays: [35, 60],
  inventoryDays: [40, 80],
  payableDays: [35, 60],
  prepaid: [0.02, 0.06],
  capitalExpenditure: [0.03, 0.06],
  assetLife: [8, 14],
  debt: [0.2, 0.6],
  payout: [0.2, 0.45],
  priceToSales: [1, 2.5],
};

/** All but the banks, see bank.ts. */
export const trades = {
  software: {
    ...ordinary,
    sector: "TECHNOLOGY",
    industry: "SOFTWARE - APPLICATION",
    annualRevenue: [300, 6_000],
    growth: [0.07, 0.18],
    grossMargin: [0.68, 0.8],
    sellingAndAdministration: [0.3, 0.42],
    research: [0.15, 0.22],
    inventoryDays: [0, 0],
    prepaid: [0.2, 0.4],
    debt: [0, 0.3],
    payout: [0, 0.1],
    priceToSales: [4, 9],
  },
  hardware: {
    ...ordinary,
    sector: "TECHNOLOGY",
    industry: "SEMICONDUCTORS",
    growth: [0.03, 0.12],
    swing: 0.07,
    season: [0.94, 0.96, 1.02, 1.08],
    grossMargin: [0.4, 0.55],
    sellingAndAdministration: [0.1, 0.15],
    research: [0.1, 0.18],
    inventoryDays: [70, 120],
    priceToSales: [2, 5],
  },
  health: {
    ...ordinary,
    sector: "HEALTHCARE",
    industry: "DRUG MANUFACTURERS - GENERAL",
    growth: [0.02, 0.09],
    grossMargin: [0.58, 0.72],
    sellingAndAdministration: [0.24, 0.3],
    research: [0.12, 0.2],
    inventoryDays: [90, 150],
    priceToSales: [2, 5],
  },
  /** Spends on research what it does not earn, and lives on new shares. */
  biotechnology: {
    ...ordinary,
    sector: "HEALTHCARE",
    industry: "BIOTECHNOLOGY",
    annualRevenue: [15, 90],
    growth: [0.05, 0.2],
    swing: 0.15,
    grossMargin: [0.7, 0.85],
    sellingAndAdministration: [0.5, 0.9],
    research: [1.1, 2.6],
    inventoryDays: [60, 120],
    debt: [0, 0.4],
    payout: [0, 0],
    priceToSales: [8, 20],
  },
  staples: {
    ...ordinary,
    sector: "CONSUMER DEFENSIVE",
    industry: "PACKAGED FOODS",
    growth: [0, 0.04],
    season: [0.97, 1, 1, 1.03],
    payout: [0.4, 0.65],
  },
  retail: {
    ...ordinary,
    sector: "CONSUMER CYCLICAL",
    industry: "SPECIALTY RETAIL",
    growth: [-0.03, 0.07],
    swing: 0.04,
    season: [0.88, 0.94, 0.95, 1.23],
    grossMargin: [0.28, 0.38],
    sellingAndAdministration: [0.23, 0.31],
    receivableDays: [4, 12],
    inventoryDays: [70, 110],
    priceToSales: [0.3, 1.2],
  },
  energy: {
    ...ordinary,
    sector: "ENERGY",
    industry: "OIL & GAS E&P",
    growth: [-0.02, 0.05],
    swing: 0.14,
    grossMargin: [0.22, 0.36],
    sellingAndAdministration: [0.05, 0.09],
    inventoryDays: [15, 35],
    capitalExpenditure: [0.09, 0.16],
    debt: [0.5, 1],
    priceToSales: [0.8, 1.8],
  },
  industry: {
    ...ordinary,
    sector: "INDUSTRIALS",
    industry: "SPECIALTY INDUSTRIAL MACHINERY",
    swing: 0.03,
  },
  /** Between a thin profit and a loss. */
  transport: {
    ...ordinary,
    sector: "INDUSTRIALS",
    industry: "AIRLINES",
    swing: 0.06,
    season: [0.9, 1.06, 1.08, 0.96],
    grossMargin: [0.15, 0.22],
    sellingAndAdministration: [0.14, 0.18],
    receivableDays: [8, 18],
    inventoryDays: [5, 12],
    prepaid: [0.12, 0.2],
    capitalExpenditure: [0.06, 0.1],
    debt: [0.5, 0.9],
    payout: [0, 0.1],
    priceToSales: [0.3, 0.7],
  },
  utility: {
    ...ordinary,
    sector: "UTILITIES",
    industry: "UTILITIES - REGULATED ELECTRIC",
    growth: [0.01, 0.05],
    season: [1.06, 0.93, 1.05, 0.96],
    grossMargin: [0.36, 0.46],
    sellingAndAdministration: [0.08, 0.12],
    inventoryDays: [20, 35],
    capitalExpenditure: [0.2, 0.28],
    assetLife: [22, 30],
    debt: [1.8, 2.8],
    payout: [0.55, 0.7],
    priceToSales: [1.5, 2.8],
  },
  material: {
    ...ordinary,
    sector: "BASIC MATERIALS",
    industry: "SPECIALTY CHEMICALS",
    swing: 0.07,
    grossMargin: [0.2, 0.32],
    sellingAndAdministration: [0.08, 0.13],
    capitalExpenditure: [0.05, 0.1],
  },
  communication: {
    ...ordinary,
    sector: "COMMUNICATION SERVICES",
    industry: "TELECOM SERVICES",
    growth: [-0.02, 0.06],
    grossMargin: [0.48, 0.6],
    sellingAndAdministration: [0.26, 0.34],
    inventoryDays: [5, 20],
    capitalExpenditure: [0.1, 0.16],
    debt: [0.6, 1.3],
  },
  property: {
    ...ordinary,
    sector: "REAL ESTATE",
    industry: "REIT - INDUSTRIAL",
    annualRevenue: [300, 2_500],
    grossMargin: [0.6, 0.72],
    sellingAndAdministration: [0.06, 0.1],
    inventoryDays: [0, 0],
    capitalExpenditure: [0.2, 0.3],
    assetLife: [28, 40],
    debt: [2.2, 3.6],
    payout: [0.7, 0.9],
    priceToSales: [4, 7],
  },
} satisfies Record<string, Trade>;

export type TradeName = keyof typeof trades;
export type Kind = TradeName | "bank";
