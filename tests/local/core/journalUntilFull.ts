import { Journal } from "../../../local/cloud/journal";

/** Appends long entries until one is refused, then a short one, and prints the numbers of those that were not refused. */
const [path = ""] = process.argv.slice(2);
const journal = new Journal<{ n: number; text: string }>(path);
const acknowledged: number[] = [];
const append = (n: number, text: string): boolean => {
  try {
    journal.append({ n, text });
    acknowledged.push(n);
    return true;
  } catch {
    return false;
  }
};
let n = 1;
while (append(n, "x".repeat(100_000))) n++;
append(++n, "short");
console.log(JSON.stringify(acknowledged));
