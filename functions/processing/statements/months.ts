import { plain } from "./text";

/** The months in the languages whose statements are read, without accents. */
const names: readonly string[] = [
  "january januar janner jan janvier enero gennaio januari janeiro januari styczen",
  "february februar feber fevrier febrero febbraio februari fevereiro luty",
  "march marz mars marzo maart marco marts marec mrz mrt",
  "april avril abril aprile kwiecien",
  "may mai mayo maggio mei maio maj",
  "june juni juin junio giugno junho czerwiec",
  "july juli juillet julio luglio julho lipiec",
  "august aout agosto augustus augusti sierpien",
  "september septembre septiembre settembre setembro setiembre wrzesien",
  "october oktober octobre octubre ottobre outubro pazdziernik",
  "november novembre noviembre novembro listopad",
  "december dezember decembre diciembre dicembre dezembro grudzien",
];

const spelt: readonly (readonly string[])[] = names.map((one) => one.split(" "));
const shortest = 3;

/** 1 to 12 for the name of a month or what it is cut down to; undefined where that could be several, or none. */
export const monthOf = (word: string): number | undefined => {
  const name = plain(word);
  if (name.length < shortest) return undefined;
  const fitting = spelt.flatMap((month, at) => (month.some((full) => full.startsWith(name)) ? [at + 1] : []));
  return fitting.length === 1 ? fitting[0] : undefined;
};
