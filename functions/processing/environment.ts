import { Failure } from "./failure";

/** Reads one variable that the infrastructure derived from the function's needs. */
export const env = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Failure("permanent", `environment variable ${name} is not set; declare the need in functions/`);
  return value;
};
