import { createHash } from "node:crypto";
import type { Company } from "../companies/company";
import { randomOf } from "../random";

const idOf = (symbol: string): string =>
  createHash("sha256")
    .update(`asset ${symbol}`)
    .digest("hex")
    // A version 4 UUID has a 4 here, and one of 8, 9, a and b there.
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-a$4-$5");

/** An asset as Alpaca's list has it. */
export const assetOf = ({ profile: { symbol, name, exchange } }: Company, status: "active" | "inactive") => {
  const random = randomOf(symbol, "asset");
  const easyToBorrow = random.chance(0.85);
  const margin = random.pick([30, 30, 30, 40, 100]);
  const tradable = status === "active";
  return {
    id: idOf(symbol),
    class: "us_equity",
    exchange,
    symbol,
    name: `${name} Common Stock`,
    status,
    tradable,
    marginable: tradable && margin < 100,
    maintenance_margin_requirement: margin,
    margin_requirement_long: String(margin),
    margin_requirement_short: String(margin),
    shortable: tradable && easyToBorrow,
    easy_to_borrow: tradable && easyToBorrow,
    borrow_status: easyToBorrow ? "easy_to_borrow" : "hard_to_borrow",
    fractionable: tradable && random.chance(0.7),
    ...(random.chance(0.5) && { cusip: String(random.integer(100_000_000, 999_999_999)) }),
    attributes: [
      ...(random.chance(0.7) ? ["fractional_eh_enabled"] : []),
      ...(random.chance(0.5) ? ["has_options", "options_late_close"] : []),
    ],
  };
};
