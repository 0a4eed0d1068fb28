import { setTimeout as sleep } from "node:timers/promises";
import type { EmbeddedCloud } from "../../../local/embedded";
import { findIssuer } from "../../token/issuer";
import { signInTester } from "../../token/signIn";
import type { Person } from "./operations";

/** As often as a client asks again where it was told to come later: for a minute and a half, on a machine that is busy. */
const mostTries = 12;
const longestPauseMs = 10_000;

const statementOf = (count: number, about: string): string =>
  [
    "Date,Description,Amount,Currency",
    ...Array.from(
      { length: count },
      (_, at) => `2026-10-${String((at % 28) + 1).padStart(2, "0")},Shop ${about} ${at},-${at + 1}.50,EUR`,
    ),
  ].join("\n");

/** In the words of our own functions, or in those of the API itself. */
const reasonOf = async (response: Response): Promise<string> => {
  const { detail, message } = (await response.json().catch(() => ({}))) as { detail?: string; message?: string };
  return `${response.status} ${detail ?? message ?? "without a word"}`;
};

/** People who use the HTTP API as anybody does: with their own token, and files uploaded to S3. */
export const signUp = async (
  up: EmbeddedCloud,
  names: readonly string[],
  /** Hears what it was that was answered. */
  onRepeat: (reason: string) => void,
): Promise<(Person & { userId: string })[]> => {
  const reach = {
    endpoint: up.url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  const issuer = await findIssuer(reach, up.run.stack);
  const one = async (name: string): Promise<Person & { userId: string }> => {
    const { AccessToken: token = "" } = await signInTester(reach, issuer, name);
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    const ask: Person["ask"] = async (route, { params = {}, body } = {}) => {
      const [method = "", path = ""] = route.split(" ");
      const filled = path.replace(/\{(\w+)\}/g, (_, param: string) => params[param] ?? "");
      // The same key each time: what was done although its answer was lost is not done again.
      const headers = {
        authorization: `Bearer ${token}`,
        ...(method !== "GET" && { "idempotency-key": up.cloud.newId() }),
        ...(body !== undefined && { "content-type": "application/json" }),
      };
      const send = () =>
        fetch(`${issuer.api}${filled}`, {
          method,
          headers,
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
      let response = await send();
      for (let again = 1; response.status >= 500 && again <= mostTries; again++) {
        onRepeat(await reasonOf(response));
        await sleep(Math.min(longestPauseMs, again * 1_000));
        response = await send();
      }
      const text = await response.text();
      return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
    };
    let brought = 0;
    const bring: Person["bring"] = async (count, accountId) => {
      const statement = statementOf(count, String(++brought));
      const announced = await ask("POST /files", {
        body: { fileName: "statement.csv", fileSize: Buffer.byteLength(statement), accountId },
      });
      const { fileId = "" } = (announced.body["file"] ?? {}) as { fileId?: string };
      const { url, method, headers } = announced.body["upload"] as {
        url: string;
        method: string;
        headers: Record<string, string>;
      };
      await fetch(url, { method, headers, body: statement });
      for (;;) {
        const { body } = await ask("GET /files/{fileId}", { params: { fileId } });
        if (body["status"] === "success") break;
        if (body["status"] === "failed") throw new Error(`the statement was not read: ${body["errorMessage"]}`);
        await sleep(100);
      }
      const listed = await ask("GET /transactions");
      const items = (listed.body["items"] ?? []) as { transactionId: string; fileId: string }[];
      return { fileId, ids: items.filter((item) => item.fileId === fileId).map(({ transactionId }) => transactionId) };
    };
    return { ask, bring, userId: String(claims.sub) };
  };
  return Promise.all(names.map(one));
};
