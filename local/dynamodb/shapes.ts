import type { AwsError } from "../cloud/awsError";
import { asking } from "./ask";
import type { Engine } from "./engine";

/** An attribute of a key, and the part that it has there. */
export interface KeyPart {
  attribute: string;
  part: "HASH" | "RANGE";
}

export interface Index {
  name: string;
  isGlobal: boolean;
  key: readonly KeyPart[];
  /** The attributes that it has. @default all of them */
  projected?: ReadonlySet<string>;
}

/** What the checks have to know of a table. */
export interface Shape {
  key: readonly KeyPart[];
  indexes: readonly Index[];
}

interface Described {
  KeySchema: { AttributeName: string; KeyType: KeyPart["part"] }[];
}

interface DescribedIndex extends Described {
  IndexName: string;
  Projection: { ProjectionType?: string; NonKeyAttributes?: string[] };
}

interface Description {
  Table: Described & { GlobalSecondaryIndexes?: DescribedIndex[]; LocalSecondaryIndexes?: DescribedIndex[] };
}

const keyIn = ({ KeySchema }: Described): KeyPart[] =>
  KeySchema.map(({ AttributeName, KeyType }) => ({ attribute: AttributeName, part: KeyType }));

const indexIn =
  (tableKey: readonly KeyPart[], isGlobal: boolean) =>
  (described: DescribedIndex): Index => {
    const { IndexName: name, Projection } = described;
    const key = keyIn(described);
    if (Projection.ProjectionType === "ALL") return { name, isGlobal, key };
    const keys = [...tableKey, ...key].map(({ attribute }) => attribute);
    return { name, isGlobal, key, projected: new Set([...keys, ...(Projection.NonKeyAttributes ?? [])]) };
  };

/** Tables may be named by their ARNs. */
const plain = (table: string): string => table.slice(table.lastIndexOf("/") + 1);

/** The shapes of tables, each asked for once and kept until somebody changes the table. */
export class Shapes {
  readonly #known = new Map<string, Promise<Shape | undefined>>();

  constructor(private readonly engine: () => Promise<Engine>) {}

  /** Undefined for a table that is not there: the engine says so itself. */
  of(table: string): Promise<Shape | undefined> {
    const name = plain(table);
    const known = this.#known.get(name);
    if (known) return known;
    const asked = this.#ask(name);
    this.#known.set(name, asked);
    const forget = (): void => {
      if (this.#known.get(name) === asked) this.#known.delete(name);
    };
    asked.then((shape) => shape ?? forget(), forget);
    return asked;
  }

  forget(table: string): void {
    this.#known.delete(plain(table));
  }

  async #ask(TableName: string): Promise<Shape | undefined> {
    const ask = asking(await this.engine());
    const answer = await ask<Description>("DescribeTable", { TableName }).catch((error: AwsError) => {
      if (error.code === "ResourceNotFoundException" || error.code === "ValidationException") return undefined;
      throw error;
    });
    if (!answer) return undefined;
    const { GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] } = answer.Table;
    const key = keyIn(answer.Table);
    const indexes = [
      ...GlobalSecondaryIndexes.map(indexIn(key, true)),
      ...LocalSecondaryIndexes.map(indexIn(key, false)),
    ];
    return { key, indexes };
  }
}
