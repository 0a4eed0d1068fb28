import { assessOne, type Outcome } from "./assess";
import type { Books, Period } from "./books";
import { unfit } from "./firm";
import { type MeasureDefinition, measure } from "./measure";
import type { Reading } from "./reading";
import { between } from "./scale";
import { plain } from "./wording";

/** X1 to X5. Equity is at market value for Z, at book value for Z′ and Z″; Z″ leaves sales out. */
export interface AltmanRatios {
  workingCapital: number;
  retainedEarnings: number;
  ebit: number;
  equityToLiabilities: number;
  sales: number;
}

export interface AltmanModel {
  name: string;
  weights: AltmanRatios;
  /** Below is distress, from `safe` on is safety, between them nothing can be said. */
  distress: number;
  safe: number;
}

/** Listed manufacturers (1968). */
export const z: AltmanModel = {
  name: "Z",
  weights: { workingCapital: 1.2, retainedEarnings: 1.4, ebit: 3.3, equityToLiabilities: 0.6, sales: 0.999 },
  distress: 1.81,
  safe: 2.99,
};

/** Manufacturers whose shares have no market value (1983). */
export const zPrime: AltmanModel = {
  name: "Z′",
  weights: { workingCapital: 0.717, retainedEarnings: 0.847, ebit: 3.107, equityToLiabilities: 0.42, sales: 0.998 },
  distress: 1.23,
  safe: 2.9,
};

/** Everyone else: how much is sold from how many assets differs too much between trades (1995). */
export const zDoublePrime: AltmanModel = {
  name: "Z″",
  weights: { workingCapital: 6.56, retainedEarnings: 3.26, ebit: 6.72, equityToLiabilities: 1.05, sales: 0 },
  distress: 1.1,
  safe: 2.6,
};

export const altmanScore = ({ weights }: AltmanModel, ratios: AltmanRatios): number =>
  weights.workingCapital * ratios.workingCapital +
  weights.retainedEarnings * ratios.retainedEarnings +
  weights.ebit * ratios.ebit +
  weights.equityToLiabilities * ratios.equityToLiabilities +
  weights.sales * ratios.sales;

export const zoneOf = ({ distress, safe }: AltmanModel, score: number): "distress" | "grey" | "safe" =>
  score < distress ? "distress" : score > safe ? "safe" : "grey";

const equityOf = (model: AltmanModel, read: Reading, year: Period): number =>
  model === z ? read.overview("marketCapitalization") : read.balance("totalShareholderEquity", year);

/** Scored 0 in distress, 1 in safety, straight between them. */
const definition = (books: Books, model: AltmanModel): MeasureDefinition => ({
  name: model.name,
  shelf: books.years,
  value: (read, year) => {
    const assets = read.balance("totalAssets", year);
    const liabilities = read.balance("totalLiabilities", year);
    const ofAssets = (value: number) => read.ratio(value, assets, `totalAssets (${year.date})`);
    return altmanScore(model, {
      workingCapital: ofAssets(
        read.balance("totalCurrentAssets", year) - read.balance("totalCurrentLiabilities", year),
      ),
      retainedEarnings: ofAssets(read.balance("retainedEarnings", year)),
      ebit: ofAssets(read.income("ebit", year)),
      equityToLiabilities: read.ratio(equityOf(model, read, year), liabilities, `totalLiabilities (${year.date})`),
      sales: model.weights.sales === 0 ? 0 : ofAssets(read.income("totalRevenue", year)),
    });
  },
  score: between(model.distress, model.safe),
  show: plain,
});

/** A Z′ of a listed firm stands in for a Z that has no market value, and is relied on half as much as that would have been. */
const stopgap = (books: Books): number => 0.5 * (books.latest.periods[0]?.freshness ?? 0);

const says = {
  distress: "in the zone of distress, below",
  grey: "in the grey zone, above",
  safe: "in the zone of safety, above",
};

/** Altman's Z of manufacturers, Z″ of other firms: whether a firm is heading for bankruptcy within two years. */
export const altman = (books: Books): Outcome => {
  const rule = "Altman's Z";
  const excluded = unfit(books.kind, rule);
  if (excluded) return excluded;
  let model = books.kind === "manufacturer" ? z : zDoublePrime;
  let measured = measure(books, definition(books, model));
  if (!measured.found && model === z) {
    const substitute = measure(books, { ...definition(books, zPrime), certainty: stopgap(books) });
    if (substitute.found) {
      model = zPrime;
      measured = { ...substitute, missing: measured.missing };
    }
  }
  return assessOne(rule, measured, ({ name, value, shown, fiscal_date }) => {
    const zone = zoneOf(model, value);
    const limit = zone === "safe" ? model.safe : model.distress;
    return `${name} of ${shown} for the year to ${fiscal_date} lies ${says[zone]} ${limit}.`;
  });
};
