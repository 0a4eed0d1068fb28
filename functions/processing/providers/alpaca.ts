import * as v from "valibot";
import { redactText, remember } from "../redact";
import type { Runtime } from "../runtime";
import type { Answer } from "./answer";
import { ask, jsonOf, problemOfStatus, type Reply, requireData } from "./ask";
import { ProviderFailure } from "./problem";
import { retryAtOf } from "./retryAt";

export { parseAssets } from "./assets";

export interface AlpacaAccess {
  baseUrl: string;
  keyId: string;
  secretKey: string;
  /** @default 8000 */
  timeoutMs?: number;
}

const provider = "Alpaca";
/** All assets come in one list, of some 15 MB. */
const longestList = 30_000_000;
const shown = 300;

const refusalSchema = v.pipe(v.string(), v.parseJson(), v.object({ message: v.string() }));

const messageIn = ({ body }: Reply): string => {
  const parsed = v.safeParse(refusalSchema, body);
  return parsed.success ? `: ${redactText(parsed.output.message).slice(0, shown)}` : "";
};

const failureOf = (reply: Reply, now: number): ProviderFailure => {
  const problem = problemOfStatus(reply.status);
  const said = `${provider} answered with status ${reply.status}${messageIn(reply)}`;
  return new ProviderFailure(problem, said, retryAtOf(reply, now));
};

/** All US shares that are traded. */
export const fetchAssets = async (
  { baseUrl, keyId, secretKey, timeoutMs }: AlpacaAccess,
  { now }: Pick<Runtime, "now">,
): Promise<Answer> => {
  remember(keyId);
  remember(secretKey);
  const reply = await ask({
    provider,
    url: `${baseUrl.replace(/\/+$/, "")}/v2/assets?status=active&asset_class=us_equity`,
    headers: { "apca-api-key-id": keyId, "apca-api-secret-key": secretKey },
    timeoutMs,
    limit: longestList,
  });
  if (reply.status !== 200) throw failureOf(reply, now());
  requireData(reply, provider);
  const answer: Answer = { body: reply.body, receivedAt: now() };
  if (!Array.isArray(jsonOf(answer, provider))) {
    throw new ProviderFailure("malformed", `${provider}'s answer is not a list`).of(answer);
  }
  return answer;
};
