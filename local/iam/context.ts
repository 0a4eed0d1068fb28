/** What is known about a request, as its caller writes it down. */
export type Facts = Readonly<Record<string, string | readonly string[]>>;

/** What is known about a request, by condition key in lower case: condition keys know no case. */
export type Context = ReadonlyMap<string, readonly string[]>;

/** Later facts replace earlier ones. A key without a value is a key that is not there. */
export const contextOf = (...records: readonly Facts[]): Context => {
  const context = new Map<string, readonly string[]>();
  for (const facts of records) {
    for (const [key, value] of Object.entries(facts)) {
      const values = typeof value === "string" ? [value] : value;
      if (values.length > 0) context.set(key.toLowerCase(), values);
    }
  }
  return context;
};

export const valuesOf = (context: Context, key: string): readonly string[] => context.get(key.toLowerCase()) ?? [];
