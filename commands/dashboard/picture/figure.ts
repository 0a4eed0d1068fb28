const short = (value: number, digits: number): string => String(Number(value.toPrecision(digits)));

/** A number as a person reads it: three digits that matter, thousands as k. */
export const figure = (value: number): string => {
  const size = Math.abs(value);
  if (size >= 1e6) return `${short(value / 1e6, 3)}M`;
  if (size >= 10_000) return `${short(value / 1_000, 3)}k`;
  if (size >= 1_000) return Math.round(value).toLocaleString("en");
  return short(value, size < 1 ? 2 : 3);
};

const steps = [1, 2, 2.5, 5, 10];

/** Round numbers from 0 to at least `most`. */
export const ticks = (most: number, wanted = 3): number[] => {
  if (!(most > 0)) return [0, 1];
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (steps.find((one) => one * power >= rough * 0.999) ?? 10) * power;
  const count = Math.ceil((most / step) * 0.999);
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(6)));
};
