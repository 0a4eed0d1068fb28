/** The functions of analysis that distributions are made of, to about 14 digits. */

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
const lanczosShift = 7;

/** Of a positive number. */
export const logGamma = (x: number): number => {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const from = x - 1;
  const series = lanczos.reduce((sum, coefficient, at) => sum + coefficient / (from + at + 1), 0.99999999999980993);
  const base = from + lanczosShift + 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (from + 0.5) * Math.log(base) - base + Math.log(series);
};

const tiny = 1e-300;
const precision = 1e-16;
const mostTerms = 10_000;

/** Evaluates b + a1/(b1 + a2/(b2 + …)) by Lentz's method. */
const continuedFraction = (first: number, term: (at: number) => { a: number; b: number }): number => {
  let value = first || tiny;
  let c = value;
  let d = 0;
  for (let at = 1; at <= mostTerms; at++) {
    const { a, b } = term(at);
    d = 1 / (b + a * d || tiny);
    c = b + a / c || tiny;
    value *= c * d;
    if (Math.abs(c * d - 1) < precision) break;
  }
  return value;
};

const betaFraction = (x: number, a: number, b: number): number =>
  1 /
  continuedFraction(1, (at) => {
    const m = Math.floor(at / 2);
    const even = at % 2 === 0;
    const numerator = even
      ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
      : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    return { a: numerator, b: 1 };
  });

/** The regularised incomplete beta function. */
export const incompleteBeta = (x: number, a: number, b: number): number => {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
};

/** The complementary error function of a number that is not negative. */
export const erfc = (x: number): number => {
  const square = x * x;
  if (x < 2) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > precision * Math.abs(sum) && n < mostTerms; n++) {
      term *= (2 * square) / (2 * n + 1);
      sum += term;
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-square) * sum;
  }
  const fraction = continuedFraction(x, (at) => ({ a: at / 2, b: x }));
  return Math.exp(-square) / Math.sqrt(Math.PI) / fraction;
};
