import type { Message } from "@aws-sdk/client-sqs";
import { analytics } from "../../../functions/processing/analytics";
import { askingEvents } from "../../../functions/processing/analytics/plan";
import { categorization } from "../../../functions/processing/categorization";
import { categorizedAfter } from "../../../functions/processing/categorization/heard";
import { directTriggers } from "../../../functions/processing/directTriggers";
import { ledgerNotification } from "../../../functions/processing/ledgerNotification";
import { toldEvents } from "../../../functions/processing/notices/kind";
import { makeQueue } from "../deadLetterWorld";
import { captureOutput } from "../output";
import { emptyTables } from "../tables";
import { batch, context, world } from "../world";
import { cleanBooks, heard } from "./books";
import { makeInbox } from "./inbox";

const consumers = [
  { hears: askingEvents, handle: analytics },
  { hears: categorizedAfter, handle: categorization },
  { hears: toldEvents, handle: ledgerNotification },
];

const typeOf = (body: string): string => String(JSON.parse(body)["detail-type"]);

/** Both paths of the ledger's events, with their real handlers; a test says when which of them delivers. */
export const startPaths = async () => {
  const real = await world();
  const inbox = await makeInbox("shadow-notification");
  const direct = await makeQueue("direct-triggers");
  const before = { ...process.env };
  process.env["DIRECT_TRIGGERS_QUEUE_URL"] = direct.url;

  /** As the two settings of a stack. */
  const set = (publishing: boolean, triggers: boolean): void => {
    process.env["ENABLE_EVENT_PUBLISHING"] = String(publishing);
    process.env["ENABLE_DIRECT_TRIGGERS"] = String(triggers);
  };
  const handled = async (handle: typeof analytics, bodies: readonly string[]): Promise<void> => {
    for (let at = 0; at < bodies.length; at += 10) {
      const { result } = await captureOutput(() => handle(batch(...bodies.slice(at, at + 10)), context()));
      if (result.batchItemFailures.length > 0) throw new Error("a message was given back");
    }
  };
  /** Hands what was put on the bus to its consumers; `tamper` is the bug of a test. */
  const overBus = async (tamper: (body: string) => string | undefined = (body) => body): Promise<number> => {
    const bodies = heard(real).flatMap((body) => tamper(body) ?? []);
    for (const { hears, handle } of consumers) {
      const types = new Set<string>(hears.map(({ type }) => type));
      await handled(
        handle,
        bodies.filter((body) => types.has(typeOf(body))),
      );
    }
    return bodies.length;
  };
  const waiting = async (): Promise<string[]> => (await direct.take()).map(({ Body = "" }: Message) => Body);
  const directly = async (tamper: (body: string) => string | undefined = (body) => body): Promise<number> => {
    const bodies = (await waiting()).flatMap((body) => tamper(body) ?? []);
    await handled(directTriggers, bodies);
    return bodies.length;
  };
  /** What happens brings about more, until nothing is left. */
  const settle = async (): Promise<void> => {
    while ((await overBus()) + (await directly()) > 0);
  };
  const clean = async (): Promise<void> => {
    set(true, false);
    await cleanBooks(real);
    await emptyTables("notifications");
    await Promise.all([inbox.take(), direct.take()]);
  };
  const end = (): void => {
    for (const name of ["ENABLE_EVENT_PUBLISHING", "ENABLE_DIRECT_TRIGGERS", "LEDGER_NOTIFICATION_TOPIC_ARN"]) {
      const value = before[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  return { real, inbox, set, overBus, directly, settle, clean, end };
};

export type Paths = Awaited<ReturnType<typeof startPaths>>;
