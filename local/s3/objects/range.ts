import { invalidRange } from "../errors";

export interface Slice {
  start: number;
  length: number;
}

/** Undefined where the whole is wanted: also where the header is none that can be read, as HTTP has it. */
export const sliceOf = (header: string | undefined, size: number): Slice | undefined => {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (header === undefined || (first === "" && last === "")) return undefined;
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (start > end) throw invalidRange(header, size);
  return { start, length: end - start + 1 };
};
