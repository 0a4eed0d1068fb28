import { bounds } from "../bounds";
import { refusal } from "../refuse";

export interface Tag {
  kind: "open" | "close" | "empty";
  name: string;
  line: number;
}

export type Token = Tag | { kind: "text"; text: string; line: number };

export interface Tokenizer {
  push: (text: string) => Token[];
  end: () => Token[];
  /** Where it has come to. */
  line: () => number;
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };
const reference = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi;

/** Resolves the references that need no declaration. What only a declaration could explain stays as it is written. */
const resolved = (text: string): string =>
  text.includes("&")
    ? text.replace(reference, (whole, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined)
          return Object.hasOwn(named, name.toLowerCase()) ? (named[name.toLowerCase()] ?? whole) : whole;
        const point = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
        return point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff)
          ? String.fromCodePoint(point)
          : whole;
      })
    : text;

const tag = /^<(\/?)(?:[A-Za-z_][\w-]*:)?([A-Za-z][\w.-]*)(?:\s[^<>]*)?(\/?)>$/;
const starts = /<(?=[/A-Za-z!?])/g;
const cdata = "<![CDATA[";

/** How a piece of markup that begins so must end. */
const endingOf = (text: string, at: number): string => {
  if (text.startsWith("<!--", at)) return "-->";
  if (text.startsWith(cdata, at)) return "]]>";
  if (text.startsWith("<?", at)) return "?>";
  return ">";
};

const countLineFeeds = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
};

/**
 * Cuts OFX into tags and text, in pieces of any size: SGML whose values end where the next tag begins, and XML alike.
 * There is no document type, so that nothing can be declared, fetched or expanded.
 */
export const tokenizer = (): Tokenizer => {
  let pending = "";
  let line = 1;

  const take = (text: string, last: boolean): Token[] => {
    const tokens: Token[] = [];
    let at = 0;
    const say = (value: string): void => {
      if (value.trim() !== "") tokens.push({ kind: "text", text: value.trim(), line });
    };
    const advance = (to: number): void => {
      line += countLineFeeds(text.slice(at, to));
      at = to;
    };
    while (at < text.length) {
      starts.lastIndex = at;
      const start = starts.exec(text)?.index ?? -1;
      const stop = start < 0 ? text.length : start;
      if (stop - at > bounds.valueCharacters) {
        throw refusal(
          "file",
          `must have values of at most ${bounds.valueCharacters} characters, has a longer one on line ${line}`,
        );
      }
      if (start < 0 && !last) break;
      say(resolved(text.slice(at, stop)));
      advance(stop);
      if (start < 0) break;
      const ending = endingOf(text, at);
      const close = text.indexOf(ending, at);
      const length = (close < 0 ? text.length : close) - at;
      const most = ending === ">" ? bounds.tagCharacters : bounds.valueCharacters;
      if (length > most)
        throw refusal("file", `must have tags of at most ${most} characters, has a longer one on line ${line}`);
      const another = ending === ">" ? text.indexOf("<", at + 1) : -1;
      if (another >= 0 && (close < 0 || another < close)) {
        // A value such as A<B: no tag has another one inside.
        say(text.slice(at, another));
        advance(another);
        continue;
      }
      if (close < 0) break;
      const markup = text.slice(at, close + ending.length);
      if (markup.startsWith(cdata)) say(markup.slice(cdata.length, -ending.length));
      else if (/^<!(?!--)/.test(markup)) throw refusal("file", "must not declare a document type");
      else {
        const [, slash, name, alone] = tag.exec(markup) ?? [];
        if (name !== undefined) {
          tokens.push({ kind: slash ? "close" : alone ? "empty" : "open", name: name.toUpperCase(), line });
        }
      }
      advance(close + ending.length);
    }
    pending = text.slice(at);
    return tokens;
  };

  return {
    push: (text) => take(pending + text, false),
    end: () => take(pending, true),
    line: () => line,
  };
};
