export const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;

export const plain = (value: number): string => value.toFixed(2);

export const times = (value: number): string => `${value.toFixed(1)} times`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

export const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);
