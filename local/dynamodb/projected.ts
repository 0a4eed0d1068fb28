import { AwsError } from "../cloud/awsError";
import { attributesIn, type Expressed } from "./expression";
import type { Index } from "./shapes";

interface Asked extends Expressed {
  ProjectionExpression?: unknown;
  FilterExpression?: unknown;
}

const invalid = (message: string): AwsError =>
  new AwsError("ValidationException", `One or more parameter values were invalid: ${message}`);

/**
 * Refuses to answer or to filter by what an index does not have. What a local index does not have, AWS fetches from the table
 * for an answer, and not for a filter.
 */
export const checkProjected = ({ name, isGlobal, projected }: Index, asked: Asked): void => {
  if (!projected) return;
  const lacking = (expression: unknown): string =>
    attributesIn(asked, expression)
      .filter((attribute) => !projected.has(attribute))
      .sort()
      .join(", ");
  const answered = isGlobal && lacking(asked.ProjectionExpression);
  if (answered) throw invalid(`Global secondary index ${name} does not project [${answered}]`);
  const filtered = lacking(asked.FilterExpression);
  if (filtered) throw invalid(`Secondary index ${name} does not project one or more filter attributes: [${filtered}]`);
};
