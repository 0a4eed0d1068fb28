import "../keptModules";
import { type Resource, runProgram } from "../program";
import { UserError } from "../stackFile";
import type { Begin, FromProgram, Registered, ToProgram } from "./messages";
import { pack } from "./parcels";

/** The process in which the program runs: whatever it declares is asked for from the one that started it. */

const tell = (message: FromProgram): Promise<void> =>
  new Promise((sent, failed) => process.send?.(message, (error: Error | null) => (error ? failed(error) : sent())));

const asked = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();

const ask = <T>(about: (ask: number) => FromProgram): Promise<T> =>
  new Promise((resolve, reject) => {
    const number = asked.size;
    asked.set(number, { resolve, reject });
    tell(about(number)).catch(reject);
  });

const realised = new Set<string>();

const registered = ({ inputs, outputs, ...resource }: Resource): Registered =>
  realised.has(`${resource.type} ${resource.name}`) ? resource : { ...resource, inputs };

const run = async ({ begin, parcelFolder }: Begin): Promise<FromProgram> => {
  try {
    const ran = await runProgram({
      ...begin,
      cloud: {
        realise: (declared) => {
          realised.add(`${declared.type} ${declared.name}`);
          return ask((number) => ({ ask: number, realise: pack(declared, parcelFolder, String(number)) }));
        },
        invoke: (invoke, inputs) => ask((number) => ({ ask: number, invoke, inputs })),
      },
    });
    return { ran: { ...ran, resources: ran.resources.map(registered) } };
  } catch (error) {
    if (error instanceof UserError) return { mistake: error.message };
    const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
    return { broken: message, stack };
  }
};

process.on("message", (message: ToProgram) => {
  if ("begin" in message) {
    void run(message)
      .then(tell)
      .finally(() => process.exit());
  } else if ("refusal" in message) asked.get(message.answerTo)?.reject(new Error(message.refusal));
  else asked.get(message.answerTo)?.resolve(message.value as never);
});
// Whoever started it is gone.
process.once("disconnect", () => process.exit());

// Whoever started it is still loading what answers. Meanwhile this loads what every program of this project asks for first,
// and compiles what was not compiled before.
for (const one of ["@pulumi/aws", "@pulumi/awsx/ec2"]) require(one);
try {
  (require("../typescript.cjs") as { compileProgram: () => void }).compileProgram();
} catch {
  // Whoever asks for the program is told.
}
