import { PolicyError } from "./errors";
import { asObject, asTexts } from "./json";
import type { Principal } from "./principal";

/**
 * How a statement reaches a caller. `account`: it names the caller's whole account, which leaves it to that account's
 * identity policies who of it may.
 */
export type Reach = "direct" | "account" | "none";

export type PrincipalTest = (principal: Principal) => Reach;

interface Named {
  everyone: boolean;
  accounts: ReadonlySet<string>;
  arns: ReadonlySet<string>;
  services: ReadonlySet<string>;
}

const accountOf = (value: string): string | undefined =>
  /^(?:arn:aws[\w-]*:iam::)?(\d{12})(?::root)?$/.exec(value)?.[1];

const namedArn = /^arn:aws[\w-]*:(iam::\d{12}:(role|user)|sts::\d{12}:assumed-role\/[^/]+)\/[^*?]+$/;
const serviceName = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;

const checkAws = (value: string): void => {
  if (/^A(RO|ID)A[A-Z0-9]+$/.test(value)) throw new PolicyError("unsupported", `principal ID ${value} is not known`);
  if (/:federated-user\//.test(value)) throw new PolicyError("unsupported", `federated user ${value} is not known`);
  if (value !== "*" && accountOf(value) === undefined && !namedArn.test(value)) {
    throw new PolicyError("malformed", `Invalid principal in policy: "AWS":"${value}"`);
  }
};

const checkService = (value: string): void => {
  if (!serviceName.test(value)) throw new PolicyError("malformed", `Invalid principal in policy: "SERVICE":"${value}"`);
};

const checks: ReadonlyMap<string, (value: string) => void> = new Map([
  ["AWS", checkAws],
  ["Service", checkService],
]);

const parse = (element: unknown, what: string): Named => {
  if (element === "*") return { everyone: true, accounts: new Set(), arns: new Set(), services: new Set() };
  const values = new Map<string, readonly string[]>();
  for (const [type, value] of Object.entries(asObject(element, `${what} other than "*"`))) {
    const check = checks.get(type);
    if (!check) throw new PolicyError("unsupported", `${what} of type ${type} is not known`);
    const texts = asTexts(value, `${what} ${type}`);
    texts.forEach(check);
    values.set(type, texts);
  }
  const aws = values.get("AWS") ?? [];
  const services = values.get("Service") ?? [];
  if (aws.length + services.length === 0) throw new PolicyError("malformed", `${what} names nobody`);
  return {
    everyone: aws.includes("*"),
    accounts: new Set(aws.flatMap((value) => accountOf(value) ?? [])),
    arns: new Set(aws),
    services: new Set(services),
  };
};

const namesAccount = ({ accounts }: Named, { account }: Principal): boolean =>
  account !== undefined && accounts.has(account);

export const compilePrincipal = (element: unknown): PrincipalTest => {
  const named = parse(element, "Principal");
  return (principal) => {
    if (named.everyone || principal.arns.some((arn) => named.arns.has(arn))) return "direct";
    if (principal.kind === "service") return named.services.has(principal.name) ? "direct" : "none";
    return namesAccount(named, principal) ? "account" : "none";
  };
};

/** A caller of an account is left out only if the account is named too, and of a session both role and session. */
export const compileNotPrincipal = (element: unknown): PrincipalTest => {
  const named = parse(element, "NotPrincipal");
  const leavesOut = (principal: Principal): boolean => {
    if (named.everyone) return true;
    if (principal.kind === "service") return named.services.has(principal.name);
    return namesAccount(named, principal) && principal.arns.every((arn) => named.arns.has(arn));
  };
  return (principal) => (leavesOut(principal) ? "none" : "direct");
};
