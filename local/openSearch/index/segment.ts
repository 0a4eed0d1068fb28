import type { Document } from "./content";
import { Postings } from "./postings";
import { Vectors } from "./vectors";

/** Below so many that are gone, tidying up is not worth it. */
const fewGone = 1_000;

/** The documents that searches find, by ordinals that rise in the order in which they came. */
export class Segment {
  documents: (Document | undefined)[] = [];
  #postings = new Map<string, Postings>();
  #vectors = new Map<string, Vectors>();
  #ordinals = new Map<string, number>();

  /** How many ordinals there are, of documents that are gone as well. */
  get size(): number {
    return this.documents.length;
  }

  postings(field: string): Postings | undefined {
    return this.#postings.get(field);
  }

  vectors(field: string): Vectors | undefined {
    return this.#vectors.get(field);
  }

  ordinalOf(id: string): number | undefined {
    return this.#ordinals.get(id);
  }

  /** Takes in a document, in place of the one that had its id. */
  put(document: Document): void {
    this.remove(document.id);
    const ordinal = this.documents.push(document) - 1;
    this.#ordinals.set(document.id, ordinal);
    for (const [field, terms] of document.content.terms) {
      const postings = this.#postings.get(field) ?? new Postings();
      this.#postings.set(field, postings);
      postings.add(ordinal, terms);
    }
    for (const [field, [value]] of document.content.values) {
      if (!(value instanceof Float32Array)) continue;
      const vectors = this.#vectors.get(field) ?? new Vectors(value.length);
      this.#vectors.set(field, vectors);
      vectors.set(ordinal, value);
    }
  }

  remove(id: string): void {
    const ordinal = this.#ordinals.get(id);
    const document = ordinal === undefined ? undefined : this.documents[ordinal];
    if (ordinal === undefined || !document) return;
    this.#ordinals.delete(id);
    this.documents[ordinal] = undefined;
    for (const [field, terms] of document.content.terms) this.#postings.get(field)?.remove(terms);
    for (const vectors of this.#vectors.values()) vectors.remove(ordinal);
    if (this.size > 2 * this.#ordinals.size + fewGone) this.#tidy();
  }

  clear(): void {
    this.documents = [];
    this.#postings = new Map();
    this.#vectors = new Map();
    this.#ordinals = new Map();
  }

  /** Leaves out what is gone; what is there keeps its order. */
  #tidy(): void {
    const { documents } = this;
    this.clear();
    for (const document of documents) if (document) this.put(document);
  }
}
