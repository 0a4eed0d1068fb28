import * as v from "valibot";
import { classify } from "../aws/classify";
import type { Run } from "../consume/run";
import { treatment } from "../failure";
import { reserveMs } from "../retry";
import { admit, type Use, uses } from "./admit";
import { type Domain, domainAt } from "./domain";
import { definitionOf, indexNames, indices } from "./indices";
import { type Migrated, migrate } from "./migrate";

const arns = v.array(v.pipe(v.string("must be a string"), v.startsWith("arn:", "must be an ARN")), "must be a list");

/** What a deployment says: where the domain is, and who may use it for what. */
export const preparationSchema = v.object({
  endpoint: v.pipe(v.string("must be a string"), v.startsWith("https://", "must be an https address")),
  roles: v.object({ search: arns, index: arns } satisfies Record<Use, typeof arns>),
});
export type Preparation = v.InferOutput<typeof preparationSchema>;

const pauseMs = 5_000;

/** A new domain refuses, or knows nobody, for a while. */
const awake = async (domain: Domain, run: Run): Promise<void> => {
  for (;;) {
    try {
      await domain.send({ method: "GET", path: "/" });
      return;
    } catch (error) {
      const failure = classify(error, "aws");
      const passing = treatment[failure.category].end === "redeliver";
      if (!passing || run.remainingMs() < pauseMs + reserveMs) throw failure;
      run.log.info("the domain is not there yet", { reason: failure.message });
      await run.sleep(pauseMs);
    }
  }
};

/** Makes the domain fit for the functions that use it. Often done, it changes nothing. */
export const prepareDomain = async ({ endpoint, roles }: Preparation, run: Run): Promise<Migrated[]> => {
  const domain = domainAt(endpoint);
  await awake(domain, run);
  const migrated: Migrated[] = [];
  for (const index of indexNames) {
    migrated.push(
      await migrate(domain, { index, version: indices[index].version, definition: definitionOf(index) }, run),
    );
  }
  for (const use of uses) await admit(domain, use, roles[use]);
  return migrated;
};
