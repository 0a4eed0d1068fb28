const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);

/** A list of which each is an element of the name that the list has, without one around them. */
export class Repeated {
  constructor(readonly items: readonly unknown[]) {}
}

const element = (name: string, value: unknown): string => `<${name}>${toXml(value)}</${name}>`;

/** Writes a value as XML: lists by `member` elements, unless they are repeated; what is undefined not at all. */
export const toXml = (value: unknown): string => {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map((item) => element("member", item)).join("");
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object") {
    return Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([name, inner]) =>
        inner instanceof Repeated ? inner.items.map((one) => element(name, one)).join("") : element(name, inner),
      )
      .join("");
  }
  return escapeXml(String(value));
};
