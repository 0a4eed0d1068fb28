import type { Terms } from "./content";

export interface Posting {
  /** Of the documents with the term, in rising order; those that are gone among them. */
  ordinals: number[];
  frequencies: number[];
  /** How many documents have it now. */
  documents: number;
}

/** Which documents have which terms in one field. */
export class Postings {
  readonly terms = new Map<string, Posting>();
  readonly lengths: number[] = [];
  documents = 0;
  totalLength = 0;

  add(ordinal: number, { counts, length }: Terms): void {
    for (const [term, count] of counts) {
      const posting = this.terms.get(term);
      if (posting) {
        posting.ordinals.push(ordinal);
        posting.frequencies.push(count);
        posting.documents++;
      } else this.terms.set(term, { ordinals: [ordinal], frequencies: [count], documents: 1 });
    }
    this.lengths[ordinal] = length;
    if (counts.size > 0) this.documents++;
    this.totalLength += length;
  }

  remove({ counts, length }: Terms): void {
    for (const term of counts.keys()) {
      const posting = this.terms.get(term);
      if (posting && --posting.documents === 0) this.terms.delete(term);
    }
    if (counts.size > 0) this.documents--;
    this.totalLength -= length;
  }
}
