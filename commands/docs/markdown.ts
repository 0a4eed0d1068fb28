export const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ").replaceAll("\n", " ")} |`).join("\n");

export const code = (value: unknown): string => `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
