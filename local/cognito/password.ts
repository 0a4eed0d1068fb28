import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";
import { AwsError } from "../cloud/awsError";

export interface PasswordPolicy {
  minimumLength: number;
  requireLowercase: boolean;
  requireUppercase: boolean;
  requireNumbers: boolean;
  requireSymbols: boolean;
  temporaryDays: number;
}

/** Of a password nothing else is kept. */
export interface Hashed {
  salt: string;
  hash: string;
}

const bytes = 32;
/** Cheap: what stands here guards test users on one machine. */
const cost = { N: 1_024 };

const hashOf = (password: string, salt: string): Buffer => scryptSync(password, Buffer.from(salt, "hex"), bytes, cost);

export const hashPassword = (password: string): Hashed => {
  const salt = randomBytes(16).toString("hex");
  return { salt, hash: hashOf(password, salt).toString("hex") };
};

export const isPassword = (password: string, { salt, hash }: Hashed): boolean =>
  timingSafeEqual(hashOf(password, salt), Buffer.from(hash, "hex"));

const symbols = /[\^$*.[\]{}()?\-"!@#%&/\\,><':;|_~`+=]/;

/** Refuses what the pool's policy does not allow, for the first reason that AWS gives. */
export const checkPassword = (password: string, policy: PasswordPolicy): void => {
  const lacks: [lacking: boolean, why: string][] = [
    [password.length < policy.minimumLength, "Password not long enough"],
    [policy.requireLowercase && !/[a-z]/.test(password), "Password must have lowercase characters"],
    [policy.requireUppercase && !/[A-Z]/.test(password), "Password must have uppercase characters"],
    [policy.requireNumbers && !/\d/.test(password), "Password must have numeric characters"],
    [policy.requireSymbols && !symbols.test(password), "Password must have symbol characters"],
  ];
  const found = lacks.find(([lacking]) => lacking);
  if (found) throw new AwsError("InvalidPasswordException", `Password did not conform with policy: ${found[1]}`);
};

const letters = ["abcdefghijkmnopqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "!#%+-_"];

/** One that every policy takes. */
export const newPassword = (policy: PasswordPolicy): string => {
  const length = Math.max(policy.minimumLength, 12);
  return [...randomBytes(length)]
    .map((byte, at) => {
      const kind = letters[at % letters.length] ?? "";
      return kind[byte % kind.length] ?? "";
    })
    .join("");
};
