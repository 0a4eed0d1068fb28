import { altman } from "./altman";
import type { Rule } from "./assess";
import { beneish } from "./beneish";
import { graham } from "./graham";
import { greenblatt } from "./greenblatt";
import { growth } from "./growth";
import { leverage } from "./leverage";
import { newsSentiment } from "./newsSentiment";
import { piotroski } from "./piotroski";
import { profitability } from "./profitability";
import type { ComponentName } from "./schema";
import { sloan } from "./sloan";
import { valuation } from "./valuation";

/** The rule of each component. A new one is a file beside this, a name in `schema.ts` and a weight in `weights.ts`. */
export const rules: Readonly<Record<ComponentName, Rule>> = {
  piotroski,
  altman,
  beneish,
  greenblatt,
  graham,
  sloan,
  growth,
  profitability,
  leverage,
  valuation,
  newsSentiment,
};
