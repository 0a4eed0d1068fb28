import * as events from "@aws-sdk/client-eventbridge";
import * as lambda from "@aws-sdk/client-lambda";
import type { Shared } from "./sharedCloud";

type Client = { send: (command: never) => Promise<object> };
type Command = new (input: object) => never;

/** Of an option or an operation, as the API has it. */
const apiName = (words: string): string =>
  words === "uuid" ? "UUID" : words.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** `--name value`, `--flag` and `--no-flag`, as what they are to the API. */
const inputOf = (words: readonly string[]): object =>
  Object.fromEntries(
    words.flatMap((word, at): [string, string | number | boolean][] => {
      if (!word.startsWith("--")) return [];
      const [name, value] = [word.slice(2), words[at + 1]];
      if (value !== undefined && !value.startsWith("--")) {
        return [[apiName(name), /^\d+$/.test(value) ? Number(value) : value]];
      }
      return [name.startsWith("no-") ? [apiName(name.slice(3)), false] : [apiName(name), true]];
    }),
  );

/** What an `aws` command sends, sent by the SDK. */
export const runAws = (shared: Shared, command: string): Promise<object> => {
  const [, service = "", operation = "", ...options] = command.split(" ");
  const known: Record<string, { client: Client; commands: object }> = {
    events: { client: shared.clients.eventBridge, commands: events },
    lambda: { client: shared.clients.lambda, commands: lambda },
  };
  const { client, commands } = known[service] ?? {};
  const Named = Object.entries(commands ?? {}).find(([name]) => name === `${apiName(operation)}Command`)?.[1];
  if (!client || !Named) throw new Error(`${command}: there is no such command`);
  return client.send(new (Named as Command)(inputOf(options)));
};
