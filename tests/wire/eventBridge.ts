import { once } from "node:events";
import { createServer } from "node:http";

export interface PutEntry {
  Source: string;
  DetailType: string;
  Detail: string;
  EventBusName: string;
}

export interface BusEndpoint {
  endpoint: string;
  /** Each call's entries, as they came over the wire. */
  calls: PutEntry[][];
  /** Entries that got through. */
  accepted: PutEntry[];
  /** Answers the next calls: how many entries, from the first, are refused; or the whole call with this status. */
  script: ({ refuse: number } | { status: number; error: string })[];
  stop: () => Promise<void>;
}

/** Speaks PutEvents over HTTP, and says that it is there. */
export const startEventBridge = async (): Promise<BusEndpoint> => {
  const bus: Omit<BusEndpoint, "endpoint" | "stop"> = { calls: [], accepted: [], script: [] };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const asked = request.headers["x-amz-target"] === "AWSEvents.DescribeEventBus";
      const { Entries = [] } = JSON.parse(body) as { Entries?: PutEntry[] };
      if (!asked) bus.calls.push(Entries);
      const step = bus.script.shift() ?? { refuse: 0 };
      response.setHeader("content-type", "application/x-amz-json-1.1");
      if ("status" in step) {
        response.statusCode = step.status;
        response.end(JSON.stringify({ __type: step.error, message: "scripted" }));
        return;
      }
      if (asked) {
        response.end(body);
        return;
      }
      bus.accepted.push(...Entries.slice(step.refuse));
      response.end(
        JSON.stringify({
          FailedEntryCount: Math.min(step.refuse, Entries.length),
          Entries: Entries.map((_, at) =>
            at < step.refuse ? { ErrorCode: "ThrottlingException" } : { EventId: `bus-${at}` },
          ),
        }),
      );
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    ...bus,
    endpoint: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
