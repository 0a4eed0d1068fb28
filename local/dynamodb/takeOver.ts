import type { Ask } from "./ask";

interface Index {
  IndexName: string;
  KeySchema: { AttributeName: string; KeyType: string }[];
  Projection: { ProjectionType?: string; NonKeyAttributes?: string[] };
}

/** What makes a table what it is, as a request says it and as a description does. */
interface Shape {
  TableName: string;
  KeySchema: Index["KeySchema"];
  AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
  GlobalSecondaryIndexes?: Index[];
  LocalSecondaryIndexes?: Index[];
}

const keyIn = ({ AttributeDefinitions }: Shape, key: Index["KeySchema"]): string => {
  const types = new Map(AttributeDefinitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]));
  return key.map(({ AttributeName }) => `${AttributeName} (${types.get(AttributeName)})`).join(" and ");
};

/** Each under all that it is. */
const indexesIn = (shape: Shape, indexes: readonly Index[] = []): Map<string, Index> =>
  new Map(
    indexes.map((index) => {
      const { ProjectionType, NonKeyAttributes = [] } = index.Projection;
      const projection = [ProjectionType, ...NonKeyAttributes.toSorted()].join(" ");
      return [`${index.IndexName} by ${keyIn(shape, index.KeySchema)} with ${projection}`, index];
    }),
  );

/** What a table has from its first day to its last. */
const fixedIn = (shape: Shape): string => {
  const local = [...indexesIn(shape, shape.LocalSecondaryIndexes).keys()].sort();
  return [`the key ${keyIn(shape, shape.KeySchema)}`, ...local.map((index) => `the local index ${index}`)].join(", ");
};

/** Makes of a table that is there what was declared, as a deployment to AWS would: with its items, one index after another. */
export const takeOver = async (wanted: Shape, ask: Ask): Promise<void> => {
  const { TableName, AttributeDefinitions } = wanted;
  const { Table: kept } = await ask<{ Table: Shape }>("DescribeTable", { TableName });
  if (fixedIn(kept) !== fixedIn(wanted)) {
    throw new Error(
      `it was kept with ${fixedIn(kept)}, and is declared with ${fixedIn(wanted)}. AWS would make it anew, without its items: start with another folder for data`,
    );
  }
  const has = indexesIn(kept, kept.GlobalSecondaryIndexes);
  const wants = indexesIn(wanted, wanted.GlobalSecondaryIndexes);
  const update = (change: object) =>
    ask("UpdateTable", { TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates: [change] });
  for (const [index, { IndexName }] of has) if (!wants.has(index)) await update({ Delete: { IndexName } });
  for (const [index, Create] of wants) if (!has.has(index)) await update({ Create });
};
