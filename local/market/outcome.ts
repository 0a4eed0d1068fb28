import type { FaultKind } from "./faults";

/** How a call ended: with an answer, or with a refusal, injected or earned. */
export type Outcome = "answered" | "unknownSymbol" | "notAcceptable" | FaultKind;

export interface Call {
  at: number;
  provider: "alphaVantage" | "alpaca";
  /** Alpaca's one is called ASSETS. */
  function: string;
  symbol: string | undefined;
  outcome: Outcome;
}
