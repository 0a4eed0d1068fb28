import type { Failed, Told } from "./companies";
import type { NewsTold } from "./news";

export interface Report {
  dryRun: boolean;
  companies: Told[];
  failed: Failed[];
  /** Not there where single companies were asked for. */
  news?: NewsTold;
}

const listed = 20;

const cut = (lines: readonly string[]): string[] =>
  lines.length > listed
    ? [...lines.slice(0, listed), `    and ${lines.length - listed} more: --json has all`]
    : [...lines];

const sum = (rows: readonly Told[], of: (told: Told) => number): number =>
  rows.reduce((total, told) => total + of(told), 0);

const changed = ({ assetId, type, added, restated, versions }: Told): string =>
  `    ${assetId} ${type}: ${added} new, ${restated} made anew, such as ${versions[0]}`;

const newsLines = ({ answers, added, linked, duplicates, unknown }: NewsTold): string[] => [
  `  news: ${answers} answers, ${added} articles taken over now and linked ${linked} times, ${duplicates} stored before, ${unknown} about no company that is known`,
];

/** What became of the answers. */
export const reportLines = ({ dryRun, companies, failed, news }: Report): string[] => {
  const answers = sum(companies, (told) => told.answers);
  const symbols = new Set(companies.map(({ assetId }) => assetId)).size;
  const others = companies.filter(({ versions }) => versions.length > 0);
  const refused = [...companies.flatMap((told) => told.refused), ...(news?.refused ?? [])];
  const counts = [
    `${sum(companies, (told) => told.added)} new`,
    `${sum(companies, (told) => told.restated)} made anew`,
    `${sum(companies, (told) => told.unchanged)} as before`,
    `${sum(companies, (told) => told.older)} older than what counts`,
  ];
  return [
    `${answers} answers about ${symbols} companies were read${dryRun ? "; nothing was written: this is what would be" : ""}`,
    `  reports: ${counts.join(", ")}`,
    ...cut(others.map(changed)),
    ...(news ? newsLines(news) : []),
    ...(refused.length > 0 ? [`  ${refused.length} answers, or parts of them, cannot be read:`] : []),
    ...cut(refused.map(({ rawKey, reason }) => `    ${rawKey}: ${reason}`)),
    ...(failed.length > 0 ? [`  ${failed.length} FAILED, run this again:`] : []),
    ...failed.map(({ assetId, type, reason }) => `    ${assetId} ${type}: ${reason}`),
  ];
};
