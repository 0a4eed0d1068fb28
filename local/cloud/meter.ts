/** What AWS would bill, and what for, at list price in us-east-1. */
const prices = {
  "apigateway request": 1 / 1e6,
  "dynamodb read unit": 0.125 / 1e6,
  "dynamodb write unit": 0.625 / 1e6,
  "eventbridge event": 1 / 1e6,
  "kinesis GB in": 0.08,
  "kinesis GB out": 0.04,
  "kinesis payload unit": 0.014 / 1e6,
  "kms request": 0.03 / 1e4,
  "lambda GB-second": 0.0000133334,
  "lambda request": 0.2 / 1e6,
  "s3 read": 0.4 / 1e6,
  "s3 write": 5 / 1e6,
  "secretsmanager request": 0.05 / 1e4,
  "sns publish": 0.5 / 1e6,
  "sqs request": 0.4 / 1e6,
  "stepfunctions express GB-second": 0.00001667,
  "stepfunctions express request": 1 / 1e6,
  "stepfunctions transition": 0.025 / 1e3,
} as const;

export type Metered = keyof typeof prices;

export interface Bill {
  lines: { what: Metered; amount: number; dollars: number }[];
  dollars: number;
}

/** What calls of one kind took. */
export interface Use {
  what: Metered;
  operation: string;
  calls: number;
  amount: number;
}

/** Adds up what a run would have cost. */
export class Meter {
  readonly #amounts = new Map<Metered, number>();
  readonly #byCaller = new Map<string, Use[]>();

  /** `use`: on whose account it goes and by which call, where these are known. */
  add(what: Metered, amount = 1, use?: { caller: string; operation: string }): void {
    this.#amounts.set(what, (this.#amounts.get(what) ?? 0) + amount);
    if (use === undefined) return;
    const { caller, operation } = use;
    const own = this.#byCaller.get(caller) ?? [];
    this.#byCaller.set(caller, own);
    const known = own.find((one) => one.what === what && one.operation === operation);
    if (known) {
      known.calls++;
      known.amount += amount;
    } else own.push({ what, operation, calls: 1, amount });
  }

  /** What callers whose name contains this have used, and by which calls. */
  usedBy(caller: string): Use[] {
    return [...this.#byCaller].flatMap(([name, uses]) =>
      name.includes(caller) ? uses.map((use) => ({ ...use })) : [],
    );
  }

  bill(): Bill {
    const lines = [...this.#amounts]
      .map(([what, amount]) => ({ what, amount, dollars: amount * prices[what] }))
      .sort((a, b) => b.dollars - a.dollars);
    return { lines, dollars: lines.reduce((sum, { dollars }) => sum + dollars, 0) };
  }

  reset(): void {
    this.#byCaller.clear();
    this.#amounts.clear();
  }
}
