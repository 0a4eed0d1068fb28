import * as pulumi from "@pulumi/pulumi";

/** Two stacks fit one account: every physical name carries its stack. */
export const stack = (): string => pulumi.getStack();

export const physicalName = (name: string): string => `signal9-${stack()}-${name}`;

/** `earnings-calendar` → `EARNINGS_CALENDAR`, the stem of a function's environment variables. */
export const environmentStem = (name: string): string => name.toUpperCase().replaceAll("-", "_");

/** `earnings-calendar` → `earningsCalendar`, the spelling of stack outputs. */
export const camelCase = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const longestDomainName = 28;

/** Of the search domain. What AWS would not take is refused here, in words, and not after a quarter of an hour. */
export const domainNameOf = (stackName: string): string => {
  const name = `signal9-${stackName}`;
  if (name.length <= longestDomainName && /^[a-z0-9-]+$/.test(name)) return name;
  const most = longestDomainName - "signal9-".length;
  throw new pulumi.RunError(
    `Stack ${stackName} cannot have a search domain: its name must be at most ${most} of a-z, 0-9 and -`,
  );
};
