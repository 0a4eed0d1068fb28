import { AwsError } from "../cloud/awsError";

/** Executions at a time that an account may have in a region, unless AWS raises it. */
const mostOfAccount = 1_000;

/** So many of them are left to functions that have none of their own. */
const leastUnreserved = 100;

/** What all functions have reserved together. */
export class Reservations {
  private readonly byFunction = new Map<string, number>();

  /** Throws AWS's error where too little would be left to the others. */
  reserve(functionName: string, concurrency: number): void {
    let sum = concurrency;
    for (const [name, reserved] of this.byFunction) if (name !== functionName) sum += reserved;
    if (mostOfAccount - sum < leastUnreserved) {
      throw new AwsError(
        "InvalidParameterValueException",
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${leastUnreserved}].`,
        400,
        { Type: "User" },
      );
    }
    this.byFunction.set(functionName, concurrency);
  }
}
