import { asking } from "./ask";
import type { Engine } from "./engine";
import { keyNames, keyOf } from "./keyNames";

export const emptyTables = async (engine: Engine): Promise<void> => {
  const ask = asking(engine);
  const { TableNames } = await ask<{ TableNames: string[] }>("ListTables", {});
  for (const TableName of TableNames) {
    const keys = await keyNames(engine, TableName);
    for (;;) {
      const { Items } = await ask<{ Items: Record<string, unknown>[] }>("Scan", { TableName });
      if (Items.length === 0) break;
      for (const item of Items) await ask("DeleteItem", { TableName, Key: keyOf(item, keys) });
    }
  }
};
