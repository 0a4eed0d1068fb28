import * as pulumi from "@pulumi/pulumi";

/** Two stacks fit one account: every physical name carries its stack. */
export const stack = (): string => pulumi.getStack();

export const physicalName = (name: string): string => `signal9-${stack()}-${name}`;

/** `earnings-calendar` → `EARNINGS_CALENDAR`, the stem of a function's environment variables. */
export const environmentStem = (name: string): string => name.toUpperCase().replaceAll("-", "_");

/** `earnings-calendar` → `earningsCalendar`, the spelling of stack outputs. */
export const camelCase = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
