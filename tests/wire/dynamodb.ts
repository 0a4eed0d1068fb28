import { tableSpecs } from "../../infra/tables";
import { type Engine, startEngine } from "../../local/dynamodb/engine";

interface Key {
  partition: string;
  sort?: string;
}

const schema = ({ partition, sort }: Key) => [
  { AttributeName: partition, KeyType: "HASH" },
  ...(sort ? [{ AttributeName: sort, KeyType: "RANGE" }] : []),
];

const createTable = async (
  engine: Engine,
  name: string,
  spec: Key & { indexes?: Record<string, Key & { local?: true }> },
): Promise<void> => {
  const indexes = Object.entries(spec.indexes ?? {});
  const made = (local: boolean) =>
    indexes
      .filter(([, index]) => (index.local ?? false) === local)
      .map(([IndexName, index]) => ({ IndexName, KeySchema: schema(index), Projection: { ProjectionType: "ALL" } }));
  const names = [spec, ...indexes.map(([, index]) => index)].flatMap(({ partition, sort }) =>
    sort ? [partition, sort] : [partition],
  );
  const request = {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: schema(spec),
    AttributeDefinitions: [...new Set(names)].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    ...(made(false).length > 0 && { GlobalSecondaryIndexes: made(false) }),
    ...(made(true).length > 0 && { LocalSecondaryIndexes: made(true) }),
  };
  const { status, body } = await engine.send("CreateTable", JSON.stringify(request));
  if (status !== 200) throw new Error(`table ${name} was not made: ${body}`);
};

/** A real DynamoDB engine in a process of its own, with the program's tables under their plain names. */
export const startDynamoDB = async (): Promise<Engine> => {
  const engine = await startEngine();
  await Promise.all(Object.entries(tableSpecs).map(([name, spec]) => createTable(engine, name, spec)));
  return engine;
};
