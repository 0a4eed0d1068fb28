/**
 * Nothing that looks like a credential leaves the process in a log line, an error or a dead letter's reason. Values
 * that were read from Secrets Manager are known by heart and removed wherever they appear.
 */
const mask = "[redacted]";

const secretKey =
  /(pass(word|phrase)?|secret|token|api[-_]?key|authorization|cookie|credential|private[-_]?key|ssn|iban|account[-_]?number)/i;

const patterns: readonly [RegExp, string][] = [
  [/\b(apikey|api_key|token|secret|password|signature)=[^&\s"']+/gi, `$1=${mask}`],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g, `$1 ${mask}`],
  [/\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*/g, mask],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, mask],
];

const known = new Set<string>();

/** From now on this very value is removed from everything that is written. */
export const remember = (secret: string): void => {
  if (secret.length >= 4) known.add(secret);
};

const longest = 2_000;
const deepest = 8;

export const redactText = (text: string): string => {
  let clean = text;
  for (const secret of known) clean = clean.replaceAll(secret, mask);
  for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
  return clean.length > longest ? `${clean.slice(0, longest)}… (${clean.length} characters)` : clean;
};

export const redact = (value: unknown, depth = 0): unknown => {
  if (typeof value === "string") return redactText(value);
  if (value instanceof Error) return { name: value.name, message: redactText(value.message) };
  if (typeof value !== "object" || value === null) return value;
  if (depth >= deepest) return "[too deep]";
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, secretKey.test(key) ? mask : redact(item, depth + 1)]),
  );
};
