import { escapeXml } from "../../gateway/xml";
import { malformedXml } from "../errors";

/** An element of a request's body. S3's documents have text or elements in an element, never both. */
export interface Element {
  name: string;
  text: string;
  children: Element[];
}

const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

const readEntities = (text: string): string =>
  text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (_, hex?: string, decimal?: string, named = "") => {
    if (hex ?? decimal) return String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal));
    const character = entities[named];
    if (character === undefined) throw malformedXml();
    return character;
  });

/** Reads a document; its root's name must be `root`. Namespaces are not looked at. */
export const parseXml = (source: Buffer, root: string): Element => {
  const document: Element = { name: "", text: "", children: [] };
  const open = [document];
  const text = source.toString("utf8").replace(/^\uFEFF?\s*<\?xml[^>]*\?>/, "");
  for (const [token, closing, name, empty, words] of text.matchAll(
    /<(\/?)(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*?)?(\/?)>|([^<]+)|</g,
  )) {
    const inner = open.at(-1) ?? document;
    if (words !== undefined) {
      inner.text += readEntities(words);
    } else if (name === undefined || token === "<") {
      throw malformedXml();
    } else if (closing) {
      if (open.pop()?.name !== name) throw malformedXml();
    } else {
      const element: Element = { name, text: "", children: [] };
      inner.children.push(element);
      if (!empty) open.push(element);
    }
  }
  const [element, ...others] = document.children;
  if (open.length !== 1 || others.length > 0 || element?.name !== root) throw malformedXml();
  return element;
};

export const childrenOf = (element: Element | undefined, name: string): Element[] =>
  element?.children.filter((child) => child.name === name) ?? [];

export const childOf = (element: Element | undefined, name: string): Element | undefined =>
  childrenOf(element, name)[0];

export const textOf = (element: Element | undefined, name: string): string | undefined => childOf(element, name)?.text;

/** What in the element nobody understands; `undefined` if all is known. */
export const strangerIn = (element: Element, known: readonly string[]): string | undefined =>
  element.children.find(({ name }) => !known.includes(name))?.name;

const escapeText = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: keys may have them, and XML only as references
  escapeXml(text).replace(/[\u0000-\u001f]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`);

/** A list repeats its element, undefined is left out. */
const content = (value: unknown): string => {
  if (typeof value !== "object" || value === null) return escapeText(String(value));
  return Object.entries(value)
    .flatMap(([name, inner]) => (Array.isArray(inner) ? inner : [inner]).map((one: unknown) => [name, one] as const))
    .filter(([, inner]) => inner !== undefined)
    .map(([name, inner]) => `<${name}>${content(inner)}</${name}>`)
    .join("");
};

const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

export const writeXml = (root: string, value: unknown, withNamespace = true): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${withNamespace ? ` xmlns="${namespace}"` : ""}>${content(value)}</${root}>`;
