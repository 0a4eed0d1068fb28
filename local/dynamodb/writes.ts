import { AwsError } from "../cloud/awsError";
import type { Request } from "./access";
import type { Item } from "./expression";
import { checkItem, checkUpdate, type Update } from "./keySizes";
import type { Shapes } from "./shapes";

interface Put {
  Item?: Item;
}

const checkPut = async (shapes: Shapes, TableName: string, { Item }: Put): Promise<void> => {
  const shape = await shapes.of(TableName);
  if (shape) checkItem(shape, Item);
};

const checkUpdating = async (shapes: Shapes, TableName: string, update: Update): Promise<void> => {
  const shape = await shapes.of(TableName);
  if (shape) checkUpdate(shape, update);
};

interface Part {
  Put?: Put & { TableName?: string };
  Update?: Update & { TableName?: string };
}

/** What is wrong with one part of a transaction is told as the reason why all of it is cancelled. */
const cancelled = (at: number, of: number, { message }: AwsError): AwsError => {
  const CancellationReasons = Array.from({ length: of }, (_, index) =>
    index === at ? { Code: "ValidationError", Message: message } : { Code: "None" },
  );
  const codes = CancellationReasons.map(({ Code }) => Code).join(", ");
  return new AwsError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons },
  );
};

const checkTransaction = async (shapes: Shapes, { TransactItems = [] }: Request): Promise<void> => {
  if (TransactItems.some((item) => Object.keys(item).length > 1)) {
    throw new AwsError("ValidationException", "TransactItems can only contain one of Check, Put, Update or Delete");
  }
  for (const [at, { Put, Update }] of (TransactItems as Part[]).entries()) {
    try {
      if (Put) await checkPut(shapes, Put.TableName ?? "", Put);
      if (Update) await checkUpdating(shapes, Update.TableName ?? "", Update);
    } catch (error) {
      throw error instanceof AwsError ? cancelled(at, TransactItems.length, error) : error;
    }
  }
};

interface BatchPart {
  PutRequest?: Put;
  DeleteRequest?: object;
}

const checkBatch = async (shapes: Shapes, { RequestItems = {} }: Request): Promise<void> => {
  for (const [table, requests] of Object.entries(RequestItems)) {
    if (!Array.isArray(requests)) continue;
    for (const { PutRequest, DeleteRequest } of requests as BatchPart[]) {
      if (PutRequest && DeleteRequest) {
        throw new AwsError(
          "ValidationException",
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
        );
      }
      if (PutRequest) await checkPut(shapes, table, PutRequest);
    }
  }
};

type Check = (shapes: Shapes, request: Request) => Promise<void>;

/** Refuses what the engine would write, and AWS would not. */
export const writeChecks: Readonly<Record<string, Check>> = {
  BatchWriteItem: checkBatch,
  PutItem: (shapes, request) => checkPut(shapes, request.TableName ?? "", request as Put),
  TransactWriteItems: checkTransaction,
  UpdateItem: (shapes, request) => checkUpdating(shapes, request.TableName ?? "", request as Update),
};
