/** Martin Porter's stemmer of 1980, as the English analyzer uses it: https://tartarus.org/martin/PorterStemmer/ */

const vowel = "[aeiouy]";
const consonants = "[^aeiou][^aeiouy]*";
const vowels = `${vowel}[aeiou]*`;

/** How many sequences of a vowel and a consonant a stem has. */
const moreThan0 = new RegExp(`^(${consonants})?${vowels}${consonants}`);
const exactly1 = new RegExp(`^(${consonants})?${vowels}${consonants}(${vowels})?$`);
const moreThan1 = new RegExp(`^(${consonants})?${vowels}${consonants}${vowels}${consonants}`);
const hasVowel = new RegExp(`^(${consonants})?${vowel}`);
const endsShort = new RegExp(`^${consonants}${vowel}[^aeiouwxy]$`);

type Rule = readonly [ending: string, replacement: string];

const step2: readonly Rule[] = [
  ["ational", "ate"],
  ["tional", "tion"],
  ["enci", "ence"],
  ["anci", "ance"],
  ["izer", "ize"],
  ["bli", "ble"],
  ["alli", "al"],
  ["entli", "ent"],
  ["eli", "e"],
  ["ousli", "ous"],
  ["ization", "ize"],
  ["ation", "ate"],
  ["ator", "ate"],
  ["alism", "al"],
  ["iveness", "ive"],
  ["fulness", "ful"],
  ["ousness", "ous"],
  ["aliti", "al"],
  ["iviti", "ive"],
  ["biliti", "ble"],
  ["logi", "log"],
];
const step3: readonly Rule[] = [
  ["icate", "ic"],
  ["ative", ""],
  ["alize", "al"],
  ["iciti", "ic"],
  ["ical", "ic"],
  ["ful", ""],
  ["ness", ""],
];
const step4 = /^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize|(?<=[st])ion)$/;

const replaceEnding = (word: string, rules: readonly Rule[]): string => {
  const rule = rules.find(([ending]) => word.endsWith(ending));
  if (!rule) return word;
  const stem = word.slice(0, -rule[0].length);
  return moreThan0.test(stem) ? stem + rule[1] : word;
};

const withoutPlural = (word: string): string => {
  if (/.(ss|i)es$/.test(word)) return word.slice(0, -2);
  return /.[^s]s$/.test(word) ? word.slice(0, -1) : word;
};

const withoutPast = (word: string): string => {
  if (word.endsWith("eed")) return moreThan0.test(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const stem = /^(.+?)(ed|ing)$/.exec(word)?.[1];
  if (stem === undefined || !hasVowel.test(stem)) return word;
  if (/(at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (/([^aeiouylsz])\1$/.test(stem)) return stem.slice(0, -1);
  return endsShort.test(stem) ? `${stem}e` : stem;
};

const withI = (word: string): string =>
  word.endsWith("y") && hasVowel.test(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word;

const withoutSuffix = (word: string): string => {
  const stem = step4.exec(word)?.[1];
  return stem !== undefined && moreThan1.test(stem) ? stem : word;
};

const tidied = (word: string): string => {
  let tidy = word;
  if (tidy.endsWith("e")) {
    const stem = tidy.slice(0, -1);
    if (moreThan1.test(stem) || (exactly1.test(stem) && !endsShort.test(stem))) tidy = stem;
  }
  return tidy.endsWith("ll") && moreThan1.test(tidy) ? tidy.slice(0, -1) : tidy;
};

const steps = [
  withoutPlural,
  withoutPast,
  withI,
  (word: string) => replaceEnding(word, step2),
  (word: string) => replaceEnding(word, step3),
  withoutSuffix,
  tidied,
];

/** A y that begins a word is a consonant, which is what no capital is mistaken for. */
export const porterStem = (word: string): string =>
  word.length < 3 ? word : steps.reduce((stem, step) => step(stem), word.replace(/^y/, "Y")).toLowerCase();
