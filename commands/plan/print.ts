import { costLines } from "./cost";
import type { Plan } from "./plan";
import { inWords } from "./roles";

const kb = (bytes: number): string => `${Math.round(bytes / 1024)} KB`;

const table = (rows: string[][]): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
};

/** `aws:dynamodb/table:Table` → `dynamodb Table`, `awsx:ec2:Vpc` → `awsx ec2 Vpc`. */
const shortType = (type: string): string => {
  const [provider = "", module = "", name = ""] = type.split(":");
  return [...(provider === "aws" ? [] : [provider]), module.split("/")[0], name].join(" ");
};

const resourceLines = ({ resources }: Plan): string[] => {
  const counts = new Map<string, { here: number; remote: number }>();
  for (const { type, madeBy } of resources) {
    const count = counts.get(type) ?? { here: 0, remote: 0 };
    count[madeBy ? "remote" : "here"]++;
    counts.set(type, count);
  }
  const rows = [...counts].map(([type, { here, remote }]) => [
    String(here + remote).padStart(3),
    shortType(type),
    remote > 0 ? `${remote} made by awsx` : "",
  ]);
  return table(rows.sort(([, a = ""], [, b = ""]) => (a < b ? -1 : 1)));
};

const outputLines = (value: unknown, path = ""): string[] =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, inner]) => outputLines(inner, path ? `${path}.${name}` : name))
    : [`  ${path} = ${Array.isArray(value) ? value.join(", ") : value}`];

/** Of the usual 1,000 of an account and region, AWS keeps 100 that no function reserves. */
const usuallyReserved = 900;

const reservedLines = ({ functions, totals }: Plan): string[] => {
  const all = totals.reservedConcurrency;
  if (all === 0) return [];
  const each = [...new Set(functions.map(({ reservedConcurrency }) => reservedConcurrency))].join(" or ");
  const warning = `  that is more than the ${usuallyReserved} that AWS lets be reserved of an account's usual 1,000: have the account's limit raised, or lower reservedConcurrency`;
  return [
    "",
    "Concurrent executions, of what the account may have",
    `  reserves ${all} in all, ${each} for each function`,
    ...(all > usuallyReserved ? [warning] : []),
  ];
};

/** The plan as a page for people: on a terminal, or on a pull request. */
export const printPlan = (plan: Plan): string => {
  const { stack, functions, totals } = plan;
  return [
    `Signal9, stack ${stack}: ${totals.resources} resources, ${totals.functions} functions, ${kb(totals.zipBytes)} of code`,
    "",
    "Resources",
    ...resourceLines(plan),
    "",
    "Functions",
    ...functions.flatMap((one) => [
      `  ${one.name}: ${one.description}`,
      `    runs on   ${one.trigger}`,
      `    with      ${one.memory} MB, ${one.timeout} s, ${kb(one.zipBytes)} zipped in ${one.files} files`,
      ...one.statements.map((statement) => `    ${inWords(statement, stack)}`),
    ]),
    "",
    "Outputs (what only AWS can know is predicted)",
    ...outputLines(plan.outputs),
    "",
    "Fixed cost, on demand in us-east-1; what is used comes on top",
    ...costLines(plan.cost),
    ...reservedLines(plan),
    ...(plan.off.length > 0 ? ["", "Switched off", ...plan.off.map((line) => `  ${line}`)] : []),
    "",
  ].join("\n");
};
