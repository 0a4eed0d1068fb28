import { AwsError } from "../cloud/awsError";
import type { Cloud } from "../cloud/cloud";
import type { Operation } from "../cloud/service";
import { accessToTable, type Request } from "./access";
import type { Engine } from "./engine";
import { keyNames, keyOf } from "./keyNames";

interface ScanAnswer {
  Items?: Record<string, unknown>[];
  LastEvaluatedKey?: Record<string, unknown>;
}

/** Deletes the items of a table whose time to live is over. */
const sweepTable = async (
  engine: Engine,
  table: string,
  keys: string[],
  attribute: string,
  now: number,
): Promise<void> => {
  let start: ScanAnswer["LastEvaluatedKey"];
  do {
    const expired = {
      ExpressionAttributeNames: { "#ttl": attribute },
      ExpressionAttributeValues: { ":now": { N: String(Math.floor(now / 1_000)) } },
    };
    const { body } = await engine.send(
      "Scan",
      JSON.stringify({
        TableName: table,
        FilterExpression: "#ttl <= :now",
        ...expired,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    const { Items = [], LastEvaluatedKey } = JSON.parse(body.toString("utf8")) as ScanAnswer;
    for (const item of Items) {
      const Key = keyOf(item, keys);
      // Only if it is still over: somebody may have prolonged it since.
      await engine.send(
        "DeleteItem",
        JSON.stringify({ TableName: table, Key, ConditionExpression: "#ttl <= :now", ...expired }),
      );
    }
    start = LastEvaluatedKey;
  } while (start);
};

const everyMs = 3_600_000;

interface Update extends Request {
  TimeToLiveSpecification?: { Enabled?: unknown; AttributeName?: unknown };
}

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

/** AWS deletes expired items some time within days; here it is once an hour of the cloud's time. */
export class Expiry {
  readonly #tables = new Map<string, { attribute: string; keys: string[] }>();

  constructor(
    private readonly cloud: Cloud,
    private readonly engine: () => Promise<Engine>,
  ) {
    this.#schedule();
  }

  get operations(): Record<string, Operation> {
    return {
      DescribeTimeToLive: {
        access: accessToTable("DescribeTimeToLive"),
        run: async ({ TableName = "" }: Request) => {
          await keyNames(await this.engine(), TableName);
          const AttributeName = this.#tables.get(TableName)?.attribute;
          return {
            TimeToLiveDescription:
              AttributeName === undefined
                ? { TimeToLiveStatus: "DISABLED" }
                : { TimeToLiveStatus: "ENABLED", AttributeName },
          };
        },
      },
      UpdateTimeToLive: {
        access: accessToTable("UpdateTimeToLive"),
        run: async ({ TableName = "", TimeToLiveSpecification = {} }: Update) => {
          const keys = await keyNames(await this.engine(), TableName);
          const { Enabled, AttributeName } = TimeToLiveSpecification;
          if (typeof Enabled !== "boolean") throw invalid("TimeToLiveSpecification.Enabled must be true or false");
          if (typeof AttributeName !== "string" || AttributeName === "") {
            throw invalid("TimeToLiveSpecification.AttributeName is missing");
          }
          const current = this.#tables.get(TableName)?.attribute;
          if (Enabled === (current !== undefined)) {
            throw invalid(`TimeToLive is already ${Enabled ? "enabled" : "disabled"}`);
          }
          if (current !== undefined && current !== AttributeName) {
            throw invalid(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`);
          }
          if (Enabled) this.watch(TableName, AttributeName, keys);
          else this.forget(TableName);
          return { TimeToLiveSpecification: { Enabled, AttributeName } };
        },
      },
    };
  }

  watch(table: string, attribute: string, keys: string[]): void {
    this.#tables.set(table, { attribute, keys });
  }

  forget(table: string): void {
    this.#tables.delete(table);
  }

  async sweep(): Promise<void> {
    const engine = await this.engine();
    for (const [table, { attribute, keys }] of this.#tables) {
      await sweepTable(engine, table, keys, attribute, this.cloud.clock.now());
    }
  }

  #schedule(): void {
    this.cloud.clock.after(everyMs, "calendar", () => {
      const swept = this.cloud.activity.during("time to live", () => this.sweep());
      // What could not be swept now is swept with the next: the engine may be away, or at its end.
      void swept.catch(() => undefined).finally(() => this.#schedule());
    });
  }
}
