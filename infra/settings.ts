import { isIPv4 } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";

/** The periods CloudWatch Logs offers. */
const retentionPeriods = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const text = v.string();
const flag = v.pipe(
  text,
  v.picklist(["true", "false"], "must be true or false"),
  v.transform((value) => value === "true"),
);
const integer = (min: number, max: number) => {
  const rule = `must be a whole number from ${min} to ${max}`;
  return v.pipe(text, v.regex(/^-?\d+$/, rule), v.transform(Number), v.minValue(min, rule), v.maxValue(max, rule));
};
const zeroOr = <Schema extends v.GenericSchema<unknown, number>>(schema: Schema, least: number) =>
  v.pipe(
    schema,
    v.check((value: number) => value === 0 || value >= least, `must be 0, or at least ${least}`),
  );
const oneOf = <const Options extends readonly string[]>(...options: Options) =>
  v.pipe(text, v.picklist(options, `must be one of ${options.join(", ")}`));
const optional = (pattern: RegExp, rule: string) =>
  v.pipe(
    text,
    v.check((value) => value === "" || pattern.test(value), rule),
    v.transform((value) => (value === "" ? undefined : value)),
  );
const list = (item: RegExp, rule: string) =>
  v.pipe(
    text,
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        const parsed: unknown = JSON.parse(dataset.value);
        if (Array.isArray(parsed) && parsed.every((one) => item.test(String(one)))) return parsed.map(String);
      } catch {
        // falls through to the one message
      }
      addIssue({ message: rule });
      return NEVER;
    }),
  );

/** Lambda has 4 KB for all variables of a function together: the others need less than what this leaves. */
const longestWatchlist = 3_000;
const watchlist = v.pipe(
  list(/^[A-Z0-9][A-Z0-9.-]{0,15}$/, 'must be a list of ticker symbols, such as ["AAPL", "MSFT"]'),
  v.check(
    (symbols) => symbols.join(" ").length <= longestWatchlist,
    `must have at most ${longestWatchlist} characters, with a space between any two symbols`,
  ),
);

const range = /^((?:10|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.[\d.]+)\/(1[6-9]|20)$/;
/** From its first address on: one in the middle may be meant for another range. */
const isWholeRange = (value: string): boolean => {
  const [, address = "", length] = range.exec(value) ?? [];
  const number = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return isIPv4(address) && number % 2 ** (32 - Number(length)) === 0;
};
const key = /^\S{8,128}$/;
/** Keys travel to it: in the clear only to this very machine. */
const url = v.pipe(
  text,
  v.regex(
    /^(https:\/\/[a-z0-9.-]+|http:\/\/127\.0\.0\.1:\d{1,5})$/,
    "must be an address such as https://www.alphavantage.co",
  ),
);
/** Anywhere by https; by its port on this very machine. */
const issuer = /^(https:\/\/[a-z0-9.-]+|https?:\/\/127\.0\.0\.1:\d{1,5})(\/[\w.~/-]*)?$/;
const origin = /^(https:\/\/[a-z0-9.-]+(:\d{1,5})?|http:\/\/localhost:\d{1,5})$/;
const mail = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/;

const schema = v.object({
  logLevel: oneOf("DEBUG", "INFO", "WARN", "ERROR"),
  debugLogPercent: integer(0, 100),
  logRetentionDays: v.pipe(
    integer(1, 3653),
    v.picklist(retentionPeriods, `must be one of ${retentionPeriods.join(", ")}`),
  ),
  eventRetentionDays: integer(0, 3650),
  protect: flag,
  vpcCidr: v.pipe(
    text,
    v.check(
      isWholeRange,
      "must be a private range from /16 to /20 that begins with its first address, such as 10.90.0.0/16",
    ),
  ),
  nat: oneOf("single", "perAz"),
  interfaceEndpoints: flag,
  maximumConcurrency: integer(2, 1000),
  reservedConcurrency: integer(0, 1000),
  cacheNodeType: v.pipe(text, v.regex(/^cache\.[a-z0-9]+\.[a-z0-9]+$/, "must be a node type such as cache.t3.micro")),
  cacheNodes: integer(1, 6),
  searchNodeType: v.pipe(
    text,
    v.regex(/^[a-z0-9]+\.[a-z0-9]+\.search$/, "must be a node type such as t3.small.search"),
  ),
  searchNodes: v.pipe(
    integer(2, 20),
    v.check((nodes) => nodes % 2 === 0, "must be even: the nodes stand in two zones"),
  ),
  createServiceLinkedRoles: flag,
  embedder: oneOf("local", "bedrock"),
  alarmMinimumEvents: integer(1, 1_000_000),
  alarmEmail: optional(mail, "must be one mail address, or empty"),
  partnerAccounts: list(/^\d{12}$/, 'must be a list of account numbers of 12 digits, such as ["111122223333"]'),
  jwtIssuer: optional(issuer, "must be an address such as https://id.example.com/, or empty"),
  jwtAudience: list(/^\S{1,128}$/, 'must be a list of words, such as ["ledger"]'),
  apiRate: integer(1, 10_000),
  apiBurst: integer(1, 5_000),
  corsOrigins: list(origin, 'must be a list of origins, such as ["https://ledger.example.com"]'),
  enableEventPublishing: flag,
  enableDirectTriggers: flag,
  sourceMaps: flag,
  alpacaUrl: url,
  alpacaPerMinute: integer(1, 100_000),
  alphaVantageUrl: url,
  alphaVantagePerDay: integer(1, 1_000_000),
  alphaVantagePerSecond: integer(1, 1_000),
  alphaVantageCalendarCalls: integer(0, 1_000_000),
  alphaVantageNewsCalls: integer(0, 1_000_000),
  streamShards: integer(0, 200),
  streamBatchSize: integer(1, 10_000),
  streamWindowSeconds: integer(0, 300),
  streamParallelism: integer(1, 10),
  streamRetries: integer(0, 10_000),
  streamMaximumAgeSeconds: integer(60, 82_800),
  experimentShards: integer(1, 64),
  experimentUserSample: zeroOr(integer(0, 1_000_000), 1_024),
  experimentRetentionDays: integer(10, 3_650),
  watchlist,
  alpacaKeyId: optional(key, "must be one word of 8 to 128 characters, or empty"),
  alpacaSecretKey: optional(key, "must be one word of 8 to 128 characters, or empty"),
  alphaVantageKey: optional(key, "must be one word of 8 to 128 characters, or empty"),
});

const secretNames = ["alpacaKeyId", "alpacaSecretKey", "alphaVantageKey"] as const;
type SecretName = (typeof secretNames)[number];

type Plain = v.InferOutput<typeof schema>;

export type Settings = Omit<Plain, SecretName> & { readonly [Name in SecretName]: pulumi.Output<string> | undefined };

export const settingNames: readonly string[] = Object.keys(schema.entries);

const project = "signal9";

/** Wrong settings stop the program with one line each, and without a stack trace. */
const refuse = (problems: readonly string[]): never => {
  throw new pulumi.RunError(
    [`The configuration of stack ${pulumi.getStack()} is not valid:`, ...problems.map((one) => `  - ${one}`)].join(
      "\n",
    ),
  );
};

const unknownKeys = (config: Record<string, string>): string[] =>
  Object.keys(config)
    .filter((key) => key.startsWith(`${project}:`))
    .map((key) => key.slice(project.length + 1))
    .filter((key) => !settingNames.includes(key))
    .map((key) => `${project}:${key} is not a setting; Pulumi.yaml lists them all`);

const together = (plain: Plain): string[] => [
  ...((plain.alpacaKeyId === undefined) === (plain.alpacaSecretKey === undefined)
    ? []
    : [`${project}:alpacaKeyId and ${project}:alpacaSecretKey must be set together`]),
  ...((plain.jwtIssuer === undefined) === (plain.jwtAudience.length === 0)
    ? []
    : [`${project}:jwtIssuer and ${project}:jwtAudience must be set together`]),
  ...(plain.enableEventPublishing || plain.enableDirectTriggers
    ? []
    : [`${project}:enableEventPublishing and ${project}:enableDirectTriggers must not both be false`]),
  ...(plain.alphaVantageCalendarCalls + plain.alphaVantageNewsCalls <= plain.alphaVantagePerDay
    ? []
    : [`${project}:alphaVantageCalendarCalls and alphaVantageNewsCalls must fit alphaVantagePerDay together`]),
];

/** Reads, checks and types the stack's configuration. The only place that does. */
export const readSettings = (): Settings => {
  const config = pulumi.runtime.allConfig();
  const given = Object.fromEntries(settingNames.map((name) => [name, config[`${project}:${name}`]]));
  const result = v.safeParse(schema, given);
  const problems = [
    ...unknownKeys(config),
    ...(result.issues ?? []).map((issue) => {
      const key = `${project}:${v.getDotPath(issue)}`;
      return issue.received === "undefined" ? `${key} is missing` : `${key} ${issue.message}`;
    }),
    ...(result.success ? together(result.output) : []),
  ];
  if (!result.success || problems.length > 0) return refuse(problems);
  const { alpacaKeyId, alpacaSecretKey, alphaVantageKey, ...plain } = result.output;
  const secret = (value: string | undefined) => (value === undefined ? undefined : pulumi.secret(value));
  return {
    ...plain,
    alpacaKeyId: secret(alpacaKeyId),
    alpacaSecretKey: secret(alpacaSecretKey),
    alphaVantageKey: secret(alphaVantageKey),
  };
};

/** What is switched off because a setting was left empty, in words for whoever reads the plan. */
export const switchedOff = (settings: Settings): string[] => [
  ...(settings.alarmEmail ? [] : ["alarm mails: set alarmEmail"]),
  ...(settings.partnerAccounts.length > 0 ? [] : ["access for other accounts: set partnerAccounts"]),
  ...(settings.corsOrigins.length > 0 ? [] : ["calls and uploads from web pages: set corsOrigins"]),
  ...(settings.alpacaKeyId ? [] : ["Alpaca: set the secrets alpacaKeyId and alpacaSecretKey"]),
  ...(settings.alphaVantageKey ? [] : ["AlphaVantage: set the secret alphaVantageKey"]),
  ...(settings.watchlist.length > 0 ? [] : ["preferred companies: set watchlist"]),
  ...(settings.reservedConcurrency > 0 ? [] : ["reserved concurrency: set reservedConcurrency"]),
];
