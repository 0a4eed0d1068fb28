import { plain } from "../text";

const outgoing = new Set(
  "d dr debit debet debito soll s af belastung lastschrift out sortie cargo uscita ut".split(" "),
);
const incoming = new Set("c cr credit kredit credito haben h bij gutschrift in entree abono entrata inn k".split(" "));

/** -1 where a word says that money left, 1 where it came in. */
export const directionOf = (cell: string): -1 | 1 | undefined => {
  const word = cell.trim();
  if (word === "-") return -1;
  if (word === "+") return 1;
  const name = plain(word);
  if (outgoing.has(name)) return -1;
  return incoming.has(name) ? 1 : undefined;
};

const notBooked = new Set(
  "pending reverted declined failed cancelled canceled rejected authorised authorized vorgemerkt".split(" "),
);

/** A payment that is not, or not yet, one. */
export const isNotBooked = (state: string): boolean => notBooked.has(plain(state));
