import { AwsError } from "../cloud/awsError";
import type { Engine } from "./engine";

/** What the engine answers in place of what was asked for, with more beside it. */
export interface Refused {
  __type?: string;
  message?: string;
  Message?: string;
}

export const refusal = (status: number, { __type = "", message, Message, ...more }: Refused): AwsError =>
  new AwsError(__type.split("#").at(-1) || "InternalServerError", message ?? Message ?? "", status, more);

export type Ask = <Answer>(operation: string, request: object) => Promise<Answer>;

/** Asks the engine for the cloud's own sake: nobody's permissions, no faults, no bill. */
export const asking =
  ({ send }: Pick<Engine, "send">): Ask =>
  async <Answer>(operation: string, request: object) => {
    const { status, body } = await send(operation, JSON.stringify(request));
    const answer = JSON.parse(body.toString("utf8")) as Answer & Refused;
    if (status !== 200) throw refusal(status, answer);
    return answer;
  };
