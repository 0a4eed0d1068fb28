import * as events from "@aws-sdk/client-eventbridge";
import * as kinesis from "@aws-sdk/client-kinesis";
import * as lambda from "@aws-sdk/client-lambda";
import type { Shared } from "./sharedCloud";

type Client = { send: (command: never) => Promise<object> };
type Command = new (input: object) => never;

/** Of an option or an operation, as the API has it. */
const apiName = (words: string): string =>
  words === "uuid" ? "UUID" : words.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

const valueOfOption = (name: string, value: string): string | number | Date => {
  if (name === "timestamp") return new Date(value);
  return /^\d+$/.test(value) ? Number(value) : value;
};

/** `--name value`, `--flag` and `--no-flag`, as what they are to the API. */
const inputOf = (words: readonly string[]): object =>
  Object.fromEntries(
    words.flatMap((word, at): [string, string | number | boolean | Date][] => {
      if (!word.startsWith("--")) return [];
      const [name, value] = [word.slice(2), words[at + 1]];
      if (value !== undefined && !value.startsWith("--")) {
        return [[apiName(name), valueOfOption(name, value)]];
      }
      return [name.startsWith("no-") ? [apiName(name.slice(3)), false] : [apiName(name), true]];
    }),
  );

/** What an `aws` command sends, sent by the SDK; `json` is what lies in the file that it names. */
export const runAws = (shared: Shared, command: string, json: object = {}): Promise<object> => {
  const [, service = "", operation = "", ...options] = command.split(" ");
  const known: Record<string, { client: Client; commands: object }> = {
    events: { client: shared.clients.eventBridge, commands: events },
    kinesis: { client: shared.clients.kinesis, commands: kinesis },
    lambda: { client: shared.clients.lambda, commands: lambda },
  };
  const { client, commands } = known[service] ?? {};
  const Named = Object.entries(commands ?? {}).find(([name]) => name === `${apiName(operation)}Command`)?.[1];
  if (!client || !Named) throw new Error(`${command}: there is no such command`);
  const { CliInputJson: _, ...input } = inputOf(options) as Record<string, unknown>;
  return client.send(new (Named as Command)({ ...input, ...json }));
};
