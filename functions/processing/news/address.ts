import { createHash } from "node:crypto";

/** Longer ones are no address that a reader could use. */
const longest = 2_048;

const isTracking = (parameter: string): boolean => /^utm_/i.test(parameter);

/**
 * An article's address without what varies from link to link: how the host is written, where in the page, and who sent
 * the reader. Undefined for what is no address on the web.
 */
export const addressOf = (link: string): string | undefined => {
  const url = URL.parse(link.trim());
  if (!url || link.length > longest || !["http:", "https:"].includes(url.protocol)) return undefined;
  const kept = url.search
    .slice(1)
    .split("&")
    .filter((parameter) => parameter && !isTracking(parameter));
  return `${url.protocol}//${url.host}${url.pathname}${kept.length > 0 ? `?${kept.join("&")}` : ""}`;
};

/** Short for an address, in keys. */
export const hashOf = (address: string): string => createHash("sha256").update(address).digest("hex").slice(0, 16);
