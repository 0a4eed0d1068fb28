const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const unseenInLines = /[\p{Cf}\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}/gu;

const named = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
};

/** For one line of a terminal. What others wrote could move the cursor, change the clipboard, or turn text around. */
export const visible = (text: string): string => text.replace(unseen, named);

/** The same, for what is printed over several lines. */
export const visibleLines = (text: string): string => text.replace(unseenInLines, named);

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, at) => {
    const unit = character.charCodeAt(at).toString(16).padStart(4, "0");
    return `\\u${unit}`;
  }).join("");

/** For machines, which read the same from it, and for the terminal on which it may end. */
export const visibleJson = (value: unknown): string =>
  JSON.stringify(value, undefined, 2).replace(unseenInLines, escaped);
