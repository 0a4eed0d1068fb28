import type { ProgramOptions, ProgramRun, Realised, Resource } from "../program";
import type { Packed } from "./parcels";

/** What it declared and what came of that is known where it was asked for; the rest of its inputs comes along. */
export type Registered = Omit<Resource, "inputs" | "outputs"> & { inputs?: Resource["inputs"] };

export type Ran = Omit<ProgramRun, "resources"> & { resources: Registered[] };

export interface Begin {
  begin: Omit<ProgramOptions, "cloud">;
  /** Where it puts what is too large for a message. */
  parcelFolder: string;
}

/** What the program's process is told. */
export type ToProgram =
  | Begin
  | { answerTo: number; value: Realised | Record<string, unknown> }
  | { answerTo: number; refusal: string };

/** What it asks and tells. */
export type FromProgram =
  | { ask: number; realise: Packed }
  | { ask: number; invoke: string; inputs: Record<string, unknown> }
  | { ran: Ran }
  /** A mistake of the user's. */
  | { mistake: string }
  | { broken: string; stack: string };
