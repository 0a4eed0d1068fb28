const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);

/** Writes a value as XML: lists by `member` elements unless `flat` names the element that repeats, undefined not at all. */
export const toXml = (value: unknown, listElement = "member"): string => {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) {
    return value.map((item) => `<${listElement}>${toXml(item, listElement)}</${listElement}>`).join("");
  }
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object") {
    return Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([name, inner]) => `<${name}>${toXml(inner, listElement)}</${name}>`)
      .join("");
  }
  return escapeXml(String(value));
};
