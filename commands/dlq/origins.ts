import { paginateListQueues } from "@aws-sdk/client-sqs";
import type { DeadLetterRow } from "../../functions/processing/deadLetters/row";
import { nameAtAws, oneOf } from "../names";
import type { Desk } from "./desk";
import { type Choice, chosen } from "./letters";

/** Whose messages can end in a dead letter queue: of each origin there is one, or two. */
const originsOf = async ({ sqs: client }: Desk, prefix: string): Promise<string[]> => {
  const origins = new Set<string>();
  for await (const { QueueUrls = [] } of paginateListQueues({ client, pageSize: 1_000 }, { QueueNamePrefix: prefix }))
    for (const url of QueueUrls) {
      const [, name] = /\/([^/]+)-(?:dlq|undelivered)$/.exec(url) ?? [];
      if (name !== undefined) origins.add(name.slice(prefix.length));
    }
  return [...origins];
};

/** The letters that are meant, the oldest first. Refuses an origin that is none, of which there can be no letters. */
export const meant = async (desk: Desk, prefix: string, { origin, status }: Choice): Promise<DeadLetterRow[]> => {
  if (origin === undefined) return chosen(desk, { status });
  const rows = await chosen(desk, { origin: nameAtAws(origin), status });
  // Letters can be older than the program, and of a consumer that it has no more.
  if (rows.length === 0) oneOf(await originsOf(desk, prefix), origin, "origin");
  return rows;
};
