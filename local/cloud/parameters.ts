import { unsupported } from "./awsError";
import type { Operation } from "./service";

/** Refuses the parameter of a call that nothing here acts on: what is passed over in silence misleads. */
export const onlyKnown = (call: string, parameters: Iterable<string>, known: readonly string[]): void => {
  for (const parameter of parameters) {
    if (!known.includes(parameter)) throw unsupported(`the parameter ${parameter} of ${call}`);
  }
};

/** The same operations, of which each takes these parameters only. */
export const takingOnly = <Input>(
  service: string,
  known: Readonly<Record<string, readonly string[]>>,
  operations: Readonly<Record<string, Operation>>,
  given: (input: Input) => Iterable<string>,
): Record<string, Operation> =>
  Object.fromEntries(
    Object.entries(operations).map(([name, { access, run }]): [string, Operation] => [
      name,
      {
        access,
        run: (input, call) => {
          onlyKnown(`${service}:${name}`, given(input as Input), known[name] ?? []);
          return run(input, call);
        },
      },
    ]),
  );
