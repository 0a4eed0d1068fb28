import { digest } from "../../../functions/processing/stream/count/digest";
import { KnownIds, usuallyWhole } from "../../../functions/processing/stream/count/knownIds";
import { fileFor } from "../../../functions/processing/stream/count/knownWindows";
import { Shelf } from "../../../functions/processing/stream/count/shelf";
import { median } from "../measure";

const known = 1_000_000;
const entryOf = 1_000;
const rounds = 20;

const idsOf = (name: string, count: number, from = 0): Buffer[] =>
  Array.from({ length: count }, (_, at) => digest(`${name} ${from + at}`));

/** What it takes to find that ids are new to a log that has a million, nearly all of them put away, by the size of their batch. */
export const lookThrough = (): void => {
  const ids = new KnownIds(usuallyWhole, new Shelf(fileFor(), () => undefined));
  for (let at = 0; at < known; at += entryOf) ids.take(at / entryOf, Buffer.concat(idsOf("known", entryOf, at)));
  const told = [1, 100, 500, 1_000, 10_000].map((size) => {
    const ms = Array.from({ length: rounds }, (_, round) => {
      const batch = idsOf(`new ${round}`, size);
      const before = performance.now();
      ids.entriesWith(batch);
      return performance.now() - before;
    });
    return `${median(ms).toFixed(1)} ms for ${size}`;
  });
  console.log(`ids looked for among a million of one log: ${told.join(", ")}`);
};
