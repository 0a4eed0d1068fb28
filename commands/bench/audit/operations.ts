/** What somebody asks of the ledger's API. */
export interface Request {
  params?: Record<string, string>;
  body?: unknown;
}

export interface Person {
  ask: (route: string, request?: Request) => Promise<{ status: number; body: Record<string, unknown> }>;
  /** A statement of so many transactions, read to its end. */
  bring: (count: number, accountId?: string) => Promise<{ fileId: string; ids: readonly string[] }>;
}

/** What a person has to do something with; what is gone stays here, and is asked for in vain. */
export interface Belongings {
  accountIds: string[];
  ids: string[];
  files: string[];
  rules: string[];
}

const from = (list: readonly string[], number: number): string => list[number % list.length] ?? "none";

export const moveIn = async ({ ask, bring }: Person): Promise<Belongings> => {
  const open = async (name: string): Promise<string> =>
    String((await ask("POST /accounts", { body: { name, type: "checking", currency: "EUR" } })).body["accountId"]);
  const accountIds = [await open("Current"), await open("Savings")];
  const [mine, loose] = [await bring(40, accountIds[0]), await bring(20)];
  return { accountIds, ids: [...mine.ids, ...loose.ids], files: [loose.fileId], rules: [] };
};

/** One of the things that people do, chosen and filled in by a number. Answers how the API took it. */
export const act = async ({ ask }: Person, belongings: Belongings, number: number): Promise<number> => {
  const transactionId = from(belongings.ids, number);
  const accountId = from(belongings.accountIds, number);
  const ofTransaction = { transactionId };
  const edit = (body: object) => ask("PATCH /transactions/{transactionId}", { params: ofTransaction, body });
  const several = [0, 1, 2].map((more) => from(belongings.ids, number + more));
  const transactionIds = [...new Set(several)];
  const kinds = [
    () => edit({ amount: number }),
    () => edit({ description: `Shop ${number}`, note: `Noted ${number}` }),
    () => edit({ accountId, categoryId: `c${number % 3}` }),
    () => edit({ date: `2026-0${1 + (number % 9)}-1${number % 10}` }),
    () => ask("PATCH /accounts/{accountId}", { params: { accountId }, body: { name: `Name ${number}` } }),
    () => ask("POST /transactions/bulk-edit", { body: { transactionIds, edit: { categoryId: `bulk-${number % 4}` } } }),
    () =>
      number % 3 === 0
        ? ask("DELETE /transactions/{transactionId}", { params: ofTransaction })
        : edit({ amount: -number }),
    async () => {
      const body = { categoryId: "x", contains: `Shop ${number % 9}`, autoApply: number % 2 === 0 };
      const made = await ask("POST /rules", { body });
      if (made.status === 201) belongings.rules.push(String(made.body["ruleId"]));
      return made;
    },
    () => ask("DELETE /rules/{ruleId}", { params: { ruleId: belongings.rules.shift() ?? "none" } }),
    () => ask("POST /rules/apply", { body: {} }),
    () =>
      ask("PUT /files/{fileId}/account", {
        params: { fileId: from(belongings.files, number) },
        body: { accountId },
      }),
  ];
  return (await kinds[number % kinds.length]?.())?.status ?? 0;
};

/** In the end a file goes, and an account with all that it has. */
export const moveOut = async ({ ask }: Person, { files, accountIds }: Belongings): Promise<void> => {
  await ask("DELETE /files/{fileId}", { params: { fileId: from(files, 0) } });
  await ask("DELETE /accounts/{accountId}", { params: { accountId: from(accountIds, 1) } });
};
