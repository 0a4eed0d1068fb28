const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);

/** A map on the wire: entries repeat without an element around them. */
const mapElement = "entry";

const element = (name: string, value: unknown): string => `<${name}>${toXml(value)}</${name}>`;

/** Writes a value as XML: lists by `member` elements, `entry` lists as maps, what is undefined not at all. */
export const toXml = (value: unknown): string => {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map((item) => element("member", item)).join("");
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object") {
    return Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([name, inner]) =>
        name === mapElement && Array.isArray(inner)
          ? inner.map((one) => element(name, one)).join("")
          : element(name, inner),
      )
      .join("");
  }
  return escapeXml(String(value));
};
