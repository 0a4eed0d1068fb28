import type { Outcome } from "./outcome";

/** What the market says to one request. */
export interface Reply {
  status: number;
  contentType: string;
  body: string;
  headers?: Record<string, string>;
  /** `hang`: nothing is ever sent. `truncated`: the connection breaks in the middle of the body. */
  trouble?: "hang" | "truncated";
}

export interface Answered {
  reply: Reply;
  outcome: Outcome;
}

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Reply => ({
  status,
  contentType: "application/json",
  body: JSON.stringify(body),
  headers,
});

export const csv = (body: string): Reply => ({ status: 200, contentType: "application/x-download", body });
