import { hash } from "node:crypto";
import type { Booking } from "./entry";
import { plain } from "./text";

/**
 * By what a booking is known again in another file of the same account. The bank's own id stands for what it says besides,
 * yet not alone: some banks give one id to several bookings.
 */
export const likeness = ({ date, amount, currency, description, bankId }: Booking): string =>
  hash(
    "sha256",
    JSON.stringify(
      bankId === undefined
        ? ["says", date, amount, currency, plain(description)]
        : ["id", date, amount, currency, bankId],
    ),
    "hex",
  );
