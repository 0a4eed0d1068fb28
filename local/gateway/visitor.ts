import type { HttpRequest } from "../cloud/service";

const ownNames = /^(127\.0\.0\.1|localhost|[a-z0-9.-]+\.localhost|\[::1\])(:\d+)?$/i;

/** Whether this machine was meant: a page whose site's name was made to lead here bears that site's. */
export const isForThisMachine = ({ headers }: HttpRequest): boolean => ownNames.test(headers["host"] ?? "");

/** Whether a browser sends this for a page from elsewhere. Browsers say so, and no page can keep them from it. */
export const isOfPageElsewhere = ({ headers }: HttpRequest): boolean => {
  const { host, origin, "sec-fetch-site": site = "none" } = headers;
  const own = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
  return !own || (site !== "none" && site !== "same-origin");
};
