import { asking } from "./ask";
import type { Engine } from "./engine";

interface Description {
  Table: { KeySchema: { AttributeName: string }[] };
}

/** The attributes that name an item of this table. A table that is not there is refused as DynamoDB does. */
export const keyNames = async (engine: Engine, TableName: string): Promise<string[]> => {
  const { Table } = await asking(engine)<Description>("DescribeTable", { TableName });
  return Table.KeySchema.map(({ AttributeName }) => AttributeName);
};

type Item = Record<string, unknown>;

export const keyOf = (item: Item, names: string[]): Item => Object.fromEntries(names.map((name) => [name, item[name]]));
