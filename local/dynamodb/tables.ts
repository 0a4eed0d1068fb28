import { unsupported } from "../cloud/awsError";
import { onlyKnown } from "../cloud/parameters";

interface Input {
  BillingMode?: string;
}

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

/** Refuses what the engine would take of a call, and nobody would do: streams, capacities, replicas. */
export const tableChecks: Readonly<Record<string, (input: object) => void>> = {
  CreateTable: (input) => check("dynamodb:CreateTable", input, ofNew, "PROVISIONED"),
  UpdateTable: (input) => check("dynamodb:UpdateTable", input, ofUpdated, onDemand),
};
