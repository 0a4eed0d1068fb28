import type { Cloud } from "../../../cloud/cloud";

/** The time of one who works alone: is in flight while at work, and not while resting. */
export class Rest {
  #done: () => void = () => undefined;
  #wake: (() => void) | undefined;

  constructor(
    private readonly cloud: Cloud,
    private readonly label: string,
  ) {}

  /** Work begins. */
  begin(): void {
    this.#done = this.cloud.activity.begin(this.label);
  }

  end(): void {
    this.#done();
  }

  /** Waits for a moment of the clock, unless called before. */
  until(moment: number, kind: "work" | "calendar"): Promise<void> {
    return new Promise((resume) => {
      const cancel = this.cloud.clock.at(moment, kind, () => this.#wake?.());
      this.#wake = () => {
        this.#wake = undefined;
        cancel();
        this.begin();
        resume();
      };
      this.end();
    });
  }

  /** Ends the rest, if there is one. */
  call(): void {
    this.#wake?.();
  }
}
