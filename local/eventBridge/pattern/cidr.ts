import { BlockList, isIPv4, isIPv6 } from "node:net";
import { invalidPattern } from "../errors";
import type { Test } from "./match";

type Family = "ipv4" | "ipv6";

const bits: Record<Family, number> = { ipv4: 32, ipv6: 128 };

/** An IPv4 address written as IPv6 is no address for EventBridge. */
const familyOf = (address: string): Family | undefined => {
  if (isIPv4(address)) return "ipv4";
  return isIPv6(address) && /^[\da-f:]+$/i.test(address) ? "ipv6" : undefined;
};

const inNetwork = (address: string, family: Family, prefix: number): Test => {
  const network = new BlockList();
  network.addSubnet(address, prefix, family);
  return (value) => typeof value === "string" && familyOf(value) === family && network.check(value, family);
};

/** An address in a pattern matches the same address however it is written. Undefined for other text. */
export const sameAddress = (text: string): Test | undefined => {
  const family = familyOf(text);
  return family && inNetwork(text, family, bits[family]);
};

export const parseCidr = (text: string, place: string): Test => {
  const [address, mask, ...more] = text.split("/");
  if (address === undefined || mask === undefined || more.length > 0) {
    throw invalidPattern("Malformed CIDR, one '/' required", place);
  }
  if (!/^[+-]?\d+$/.test(mask)) throw invalidPattern("Malformed CIDR, mask bits must be an integer", place);
  const prefix = Number(mask);
  if (prefix < 0) throw invalidPattern("Malformed CIDR, mask bits must not be negative", place);
  const family = familyOf(address);
  if (!family) throw invalidPattern(`Nonstandard IP address: ${address}`, place);
  if (prefix >= bits[family]) {
    throw invalidPattern(`IP${family.slice(2)} mask bits must be < ${bits[family]}`, place);
  }
  return inNetwork(address, family, prefix);
};
