import type { IncomingHttpHeaders } from "node:http";
import type { FaultKind } from "../faults";
import type { Listing } from "../listing";
import { type Answered, json } from "../reply";
import { brokenReply } from "../trouble";
import { assetOf } from "./asset";

export interface AlpacaKey {
  keyId: string;
  secretKey: string;
}

interface Options {
  listing: Listing;
  keys: readonly AlpacaKey[];
  now: () => number;
  strike: (call: { function: string; symbol: string | undefined }) => FaultKind | undefined;
}

const perMinute = 200;
const minute = 60_000;

const forbidden: Answered = { reply: json({ message: "forbidden." }, 403), outcome: "keyRejected" };
const invalid = (message: string): Answered => ({ reply: json({ code: 40010001, message }, 422), outcome: "error" });
const tooMany = { code: 42910000, message: "rate limit exceeded" };

/** A window of a minute for each key, and the headers that tell how full it is. */
const minuteWindows = (now: () => number) => {
  const windows = new Map<string, { endsAt: number; calls: number }>();
  return (key: string): { room: boolean; headers: Record<string, string> } => {
    const open = windows.get(key);
    const window = open && open.endsAt > now() ? open : { endsAt: now() + minute, calls: 0 };
    windows.set(key, window);
    const room = window.calls < perMinute;
    if (room) window.calls++;
    const headers = {
      "x-ratelimit-limit": String(perMinute),
      "x-ratelimit-remaining": String(perMinute - window.calls),
      "x-ratelimit-reset": String(Math.ceil(window.endsAt / 1_000)),
    };
    return { room, headers };
  };
};

/** Alpaca: GET /v2/assets. */
export const createAlpaca = ({ listing, keys, now, strike }: Options) => {
  const take = minuteWindows(now);

  const assets = (query: URLSearchParams): Answered => {
    const status = query.get("status") ?? "active";
    if (status !== "active" && status !== "inactive") return invalid(`invalid status: ${status}`);
    const assetClass = query.get("asset_class") ?? "us_equity";
    if (!["us_equity", "us_option", "crypto"].includes(assetClass))
      return invalid(`invalid asset_class: ${assetClass}`);
    const listed = assetClass !== "us_equity" ? [] : status === "active" ? listing.active() : listing.inactive();
    const exchange = query.get("exchange");
    const wanted = exchange ? listed.filter(({ profile }) => profile.exchange === exchange) : listed;
    return { reply: json(wanted.map((company) => assetOf(company, status))), outcome: "answered" };
  };

  const refused: { [Kind in FaultKind]?: Answered } = {
    keyRejected: forbidden,
    error: invalid("invalid request"),
    empty: { reply: json([]), outcome: "empty" },
  };

  return (query: URLSearchParams, headers: IncomingHttpHeaders): Answered => {
    const [keyId, secretKey] = [headers["apca-api-key-id"], headers["apca-api-secret-key"]];
    if (!keys.some((key) => key.keyId === keyId && key.secretKey === secretKey)) return forbidden;
    const { room, headers: limits } = take(String(keyId));
    const told = ({ reply, outcome }: Answered): Answered => ({
      reply: { ...reply, headers: { ...reply.headers, ...limits } },
      outcome,
    });
    const kind = strike({ function: "ASSETS", symbol: undefined });
    if (!room || kind === "burst") return told({ reply: json(tooMany, 429), outcome: "burst" });
    if (kind === undefined) return told(assets(query));
    const broken = brokenReply(kind, () => assets(query).reply);
    return told(refused[kind] ?? { reply: broken ?? json([]), outcome: kind });
  };
};
