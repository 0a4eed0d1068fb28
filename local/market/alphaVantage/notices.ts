import { json, type Reply } from "../reply";

/**
 * The provider's own notices, word for word as they were seen: clients tell them apart by their wording. Each comes with HTTP
 * status 200.
 */
const thanks = "Thank you for using Alpha Vantage!";
const plans = "any of the premium plans at https://www.alphavantage.co/premium/";

export const burst = (): Reply =>
  json({
    Information: `${thanks} Please consider spreading out your free API requests more sparingly (1 request per second). You may subscribe to ${plans} to lift the free key rate limit (25 requests per day), raise the per-second burst limit, and instantly unlock all premium endpoints`,
  });

/** This one repeats the caller's key. */
export const spent = (key: string): Reply =>
  json({
    Information: `We have detected your API key as ${key} and our standard API rate limit is 25 requests per day. Please subscribe to ${plans} to instantly remove all daily rate limits.`,
  });

export const premium = (): Reply =>
  json({
    Information: `${thanks} This is a premium endpoint. You may subscribe to ${plans} to instantly unlock all premium endpoints`,
  });

export const demoKey = (): Reply =>
  json({
    Information:
      "The **demo** API key is for demo purposes only. Please claim your free API key at (https://www.alphavantage.co/support/#api-key) to explore our full API offerings. It takes fewer than 20 seconds.",
  });

export const keyRejected = (): Reply =>
  json({
    "Error Message":
      "the parameter apikey is invalid or missing. Please claim your free API key on (https://www.alphavantage.co/support/#api-key). It should take less than 20 seconds.",
  });

export const unknownFunction = (name: string): Reply =>
  json({ "Error Message": `This API function (${name}) does not exist.` });

export const invalidCall = (name: string): Reply =>
  json({
    "Error Message": `Invalid API call. Please retry or visit the documentation (https://www.alphavantage.co/documentation/) for ${name}.`,
  });

const newsDocumentation = "the API documentation https://www.alphavantage.co/documentation#newsapi and try again.";

export const invalidNewsInputs = (): Reply =>
  json({ Information: `Invalid inputs. Please refer to ${newsDocumentation}` });

export const noArticles = (): Reply =>
  json({ Information: `No articles found. Please adjust the time range or refer to ${newsDocumentation}` });

export const notAcceptable = (): Reply => json({ detail: "Could not satisfy the request Accept header." }, 406);
