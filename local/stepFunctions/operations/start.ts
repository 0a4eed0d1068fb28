import * as v from "valibot";
import type { Cloud } from "../../cloud/cloud";
import type { Violation } from "../../cloud/constraint";
import type { Operation } from "../../cloud/service";
import { expressBill } from "../billing";
import { invalidInput, typeNotSupported } from "../errors";
import type { Executions } from "../executions";
import { isTooLarge, mostBytes } from "../language/json";
import { checkArn, checkName, mostNameCharacters } from "../names";
import type { StateMachines } from "../stateMachines";
import { malformed, operation, seconds, text } from "./operation";

/** Throws AWS's refusal unless a text can be an execution's input. */
const checkInput = (input: string): string => {
  if (input === "") throw invalidInput("Invalid execution input.");
  try {
    JSON.parse(input);
  } catch (error) {
    const [word] = /^[A-Za-z]\w*/.exec(input) ?? [];
    const expected = "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    if (word !== undefined) throw invalidInput(`Unrecognized token '${word}': ${expected}`);
    throw invalidInput(error instanceof Error ? error.message : String(error));
  }
  return input;
};

const checkLengths = (name: string | undefined, input: string): void => {
  const found: Violation[] = [];
  if (name !== undefined && name.length > mostNameCharacters) {
    found.push({ at: "name", value: name, must: `have length less than or equal to ${mostNameCharacters}` });
  }
  // What may be secret is not repeated.
  if (isTooLarge(input)) found.push({ at: "input", value: {}, must: `have length less than or equal to ${mostBytes}` });
  if (found.length > 0) throw malformed(found);
};

const request = v.strictObject({ stateMachineArn: v.string(), name: text, input: text });

export const startOperations = (
  cloud: Cloud,
  machines: StateMachines,
  executions: Executions,
): Record<string, Operation> => {
  const read = ({ stateMachineArn, name, input = "{}" }: v.InferOutput<typeof request>) => {
    checkLengths(name, input);
    const machine = machines.find(checkArn(stateMachineArn, "stateMachine"));
    return { machine, name: name === undefined ? cloud.newId() : checkName(name), input: checkInput(input) };
  };
  return {
    ...operation("StartExecution", request, {
      access: ({ stateMachineArn }) => ({ action: "states:StartExecution", resource: stateMachineArn }),
      run: (input) => {
        const { machine, name, input: given } = read(input);
        const start = machine.type === "STANDARD" ? executions.start : executions.startExpress;
        const { arn, startedAt } = start.call(executions, machine, name, given);
        return { executionArn: arn, startDate: seconds(startedAt) };
      },
    }),
    ...operation("StartSyncExecution", request, {
      access: ({ stateMachineArn }) => ({ action: "states:StartSyncExecution", resource: stateMachineArn }),
      run: async (input, call) => {
        const { machine, name, input: given } = read(input);
        if (machine.type !== "EXPRESS") throw typeNotSupported();
        const execution = executions.startExpress(machine, name, given);
        const { status, stoppedAt, output, error, cause } = await call.waiting(() => execution.over);
        const { billedDurationMs, memoryMb } = expressBill(stoppedAt - execution.startedAt);
        return {
          executionArn: execution.arn,
          stateMachineArn: machine.arn,
          name,
          startDate: seconds(execution.startedAt),
          stopDate: seconds(stoppedAt),
          status,
          error,
          cause,
          input: given,
          inputDetails: { included: true },
          output,
          ...(output !== undefined && { outputDetails: { included: true } }),
          billingDetails: { billedMemoryUsedInMB: memoryMb, billedDurationInMilliseconds: billedDurationMs },
        };
      },
    }),
  };
};
