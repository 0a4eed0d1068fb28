import type { StatementSource } from "./statement";

export const encodings = ["utf-8", "utf-16le", "utf-16be"] as const;

/** What the first bytes say: the mark that some programs put there, or every second byte empty, as in UTF-16. */
export const markedEncoding = (head: Uint8Array): string | undefined => {
  const [first, second, third] = head;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  const pairs = Math.floor(head.length / 2);
  let even = 0;
  let odd = 0;
  for (let at = 0; at < pairs * 2; at += 2) {
    if (head[at] === 0) even++;
    if (head[at + 1] === 0) odd++;
  }
  if (pairs >= 4 && odd > pairs / 2 && even === 0) return "utf-16le";
  if (pairs >= 4 && even > pairs / 2 && odd === 0) return "utf-16be";
  return undefined;
};

const declaration = /(?:encoding=["']|CHARSET:\s*)([\w-]{3,20})/i;
const westEuropean = "windows-1252";

/** The encoding that an OFX or XML header names, for text that is not UTF-8. Many name one that they do not use. */
const declaredEncoding = (head: Uint8Array): string => {
  const label = declaration.exec(Buffer.from(head).toString("latin1"))?.[1] ?? "";
  const name = /^\d{3,4}$/.test(label) ? `windows-${label}` : label;
  try {
    const { encoding } = new TextDecoder(name);
    return encoding === "utf-8" || encoding.startsWith("utf-16") ? westEuropean : encoding;
  } catch {
    return westEuropean;
  }
};

/** In which encodings a file is tried, one after another. The last takes any byte. */
export const candidates = (head: Uint8Array): string[] => {
  const marked = markedEncoding(head);
  return marked === undefined ? ["utf-8", declaredEncoding(head)] : [marked];
};

/** A byte sequence that the encoding does not know. */
export class NotInEncoding extends Error {}

/** The text of a file, piece by piece, without its byte order mark. */
export async function* decoded(source: StatementSource, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: encoding === "utf-8" });
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw new NotInEncoding(encoding, { cause });
    }
  };
  for await (const bytes of source.open()) {
    const text = decode(bytes);
    if (text) yield text;
  }
  const rest = decode();
  if (rest) yield rest;
}
