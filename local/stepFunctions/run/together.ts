import type { Json, JsonObject } from "../language/json";
import { Halted, type Strand } from "./strand";

/** A piece of work that is done along with others. */
export interface Piece {
  /** The item that it works on, if it does. */
  item?: JsonObject;
  run: (strand: Strand) => Promise<Json>;
  began?: (strand: Strand) => void;
  succeeded?: (strand: Strand) => void;
  failed?: (strand: Strand) => void;
  /** Because another failed. */
  aborted?: (strand: Strand) => void;
}

/**
 * Does pieces of work at the same time, so many at most, and answers what comes of them in their order. The first that
 * fails ends all others.
 */
export const together = async (parent: Strand, pieces: readonly Piece[], most: number): Promise<Json[]> => {
  const first = new AbortController();
  const signal = AbortSignal.any([parent.signal, first.signal]);
  const results: Json[] = [];
  const open = new Map<Piece, Strand>();
  let next = 0;
  let last = parent.last;
  let failure: unknown;

  const failAll = (piece: Piece, strand: Strand, error: unknown): void => {
    if (failure !== undefined) return;
    failure = error;
    last = strand.last;
    open.delete(piece);
    first.abort();
    if (error instanceof Halted) return;
    piece.failed?.(strand);
    for (const [other, abandoned] of open) {
      abandoned.last = last;
      if (abandoned.state !== undefined) abandoned.note(`${abandoned.state}StateAborted`);
      other.aborted?.(abandoned);
    }
  };

  const worker = async (): Promise<void> => {
    let after = parent.last;
    for (let at = next++; at < pieces.length && failure === undefined; at = next++) {
      const piece = pieces[at];
      if (!piece) return;
      const strand = parent.fork(signal, piece.item);
      strand.last = after;
      open.set(piece, strand);
      try {
        piece.began?.(strand);
        // Lets the others begin as well.
        await undefined;
        results[at] = await piece.run(strand);
        open.delete(piece);
        piece.succeeded?.(strand);
        after = strand.last;
        last = strand.last;
      } catch (error) {
        failAll(piece, strand, error);
      } finally {
        strand.end();
      }
    }
  };

  await parent.idling(async () => {
    await Promise.all(Array.from({ length: Math.min(most, pieces.length) }, worker));
  });
  parent.last = last;
  if (failure !== undefined) throw failure;
  return results;
};
