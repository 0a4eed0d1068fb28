const k1 = 1.2;
const b = 0.75;

/** Lucene keeps a field's length in one byte: short ones as they are, longer ones by their first bits. */
export const keptLength = (length: number): number => {
  const over = length - 24;
  if (over < 8) return length;
  const shift = 32 - Math.clz32(over) - 4;
  return 24 + ((over >>> shift) << shift);
};

export interface FieldStatistics {
  /** How many documents have the field. */
  documents: number;
  /** How many words it has in all of them. */
  totalLength: number;
}

/** How much one term counts, by how often it stands in a field of some length, as OpenSearch 2 has it. */
export const bm25 = ({ documents, totalLength }: FieldStatistics, withTerm: number, boost: number) => {
  const rarity = Math.log(1 + (documents - withTerm + 0.5) / (withTerm + 0.5));
  const weight = boost * (k1 + 1) * rarity;
  const average = totalLength / documents;
  return (frequency: number, length: number): number =>
    (weight * frequency) / (frequency + k1 * (1 - b + (b * length) / average));
};

/** As Lucene's floats are written: with no more digits than tell them apart. */
export const asFloat = (score: number): number => {
  const rounded = Math.fround(score);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(rounded.toPrecision(digits));
    if (Math.fround(short) === rounded) return short;
  }
  return Number(rounded.toPrecision(9));
};
