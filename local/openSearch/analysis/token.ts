/** A word of a text, as it is looked up, and where in the text it stands. */
export interface Token {
  term: string;
  start: number;
  end: number;
}

export type Analyzer = (text: string) => Token[];
