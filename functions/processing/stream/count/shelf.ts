import type { Run } from "../../consume/run";
import { Prints } from "./prints";
import type { Place, SlotFile } from "./slotFile";

/** Something that was put away: in the file, or still in memory where that could not be. */
export type Shelved = Place | Prints;

/** Where prints lie that are gone through once a batch: in a file, so that there may be many of them, or else in memory. */
export class Shelf {
  /** What was read last out of the file. */
  private readonly fromFile: Prints;
  /** Until something could not be read back. */
  private isSound = true;
  private readonly said = new Set<string>();
  private readonly unsaid: { message: string; about: Record<string, unknown> }[] = [];

  constructor(
    private readonly file: SlotFile,
    /** Called where the file is full: gives back what can be done without. */
    private readonly makeRoom: () => void,
  ) {
    this.fromFile = new Prints(file.body);
  }

  put(prints: Prints): Shelved {
    if (!this.isSound) return prints;
    if (this.file.isFull) this.makeRoom();
    if (this.file.isFull) return prints;
    try {
      return this.file.put(prints.bytes);
    } catch (error) {
      this.note("the temporary folder cannot be written: what is known of ids stays in memory", { error });
      return prints;
    }
  }

  /** Good until the next is looked at; undefined where it cannot be read any more. */
  look(shelved: Shelved): Prints | undefined {
    if (shelved instanceof Prints) return shelved;
    try {
      this.file.read(shelved);
      return this.fromFile;
    } catch (error) {
      this.isSound = false;
      this.note("what is known of ids could not be read back: it is read from the table again, and stays in memory", {
        error,
      });
      return undefined;
    }
  }

  giveBack(shelved: Shelved): void {
    if (!(shelved instanceof Prints)) this.file.release(shelved);
  }

  /** Something that whoever looks after the function should know, once. */
  note(message: string, about: Record<string, unknown>): void {
    if (this.said.has(message)) return;
    this.said.add(message);
    this.unsaid.push({ message, about });
  }

  tell({ log }: Run): void {
    for (const { message, about } of this.unsaid.splice(0)) log.warn(message, about);
  }
}
