import { AwsError, unsupported } from "../cloud/awsError";
import { onlyKnown } from "../cloud/parameters";

interface Index {
  Projection?: { NonKeyAttributes?: readonly string[] };
}

interface Indexes {
  GlobalSecondaryIndexes?: readonly Index[];
  LocalSecondaryIndexes?: readonly Index[];
}

interface Input extends Indexes {
  BillingMode?: string;
  GlobalSecondaryIndexUpdates?: readonly { Create?: Index }[];
}

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

const mostInIndex = 20;
const mostInAll = 100;

const namedBy = (place: string, { Projection: { NonKeyAttributes = [] } = {} }: Index): number => {
  if (NonKeyAttributes.length <= mostInIndex) return NonKeyAttributes.length;
  throw invalid(
    `1 validation error detected: Value '[${NonKeyAttributes.join(", ")}]' at '${place}.projection.nonKeyAttributes' failed to satisfy constraint: Member must have length less than or equal to ${mostInIndex}`,
  );
};

/** Refuses indexes that name more attributes besides their keys than AWS lets them. */
export const checkIndexes = ({ GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] }: Indexes): void => {
  const named = [
    ...GlobalSecondaryIndexes.map((index, at) => namedBy(`globalSecondaryIndexes.${at + 1}.member`, index)),
    ...LocalSecondaryIndexes.map((index, at) => namedBy(`localSecondaryIndexes.${at + 1}.member`, index)),
  ].reduce((sum, count) => sum + count, 0);
  if (named <= mostInAll) return;
  throw invalid(
    `One or more parameter values were invalid: The indexes of a table must name at most ${mostInAll} NonKeyAttributes together, and name ${named}`,
  );
};

const onDemand = "PAY_PER_REQUEST";
const ofTables = ["TableName", "AttributeDefinitions", "BillingMode", "DeletionProtectionEnabled"];
/** The last two have no local effect, as where the program declares them. */
const ofNew = [...ofTables, "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "SSESpecification", "Tags"];
const ofUpdated = [...ofTables, "GlobalSecondaryIndexUpdates"];

const check = (call: string, input: Input, known: readonly string[], modeWithout: string): void => {
  onlyKnown(call, Object.keys(input), known);
  const { BillingMode = modeWithout } = input;
  if (BillingMode !== onDemand) throw unsupported(`the BillingMode ${BillingMode} of ${call}, only ${onDemand}`);
};

/** Refuses what the engine would take of a call, and nobody would do: streams, capacities, replicas; and indexes beyond AWS's limits. */
export const tableChecks: Readonly<Record<string, (input: object) => void>> = {
  CreateTable: (input) => {
    check("dynamodb:CreateTable", input, ofNew, "PROVISIONED");
    checkIndexes(input);
  },
  UpdateTable: (input: Input) => {
    check("dynamodb:UpdateTable", input, ofUpdated, onDemand);
    for (const [at, { Create }] of (input.GlobalSecondaryIndexUpdates ?? []).entries()) {
      if (Create) namedBy(`globalSecondaryIndexUpdates.${at + 1}.member.create`, Create);
    }
  },
};
