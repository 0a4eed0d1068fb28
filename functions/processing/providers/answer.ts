import { ProviderFailure } from "./problem";

/** What a provider said, checked to be an answer and no notice. */
export interface Answer {
  body: string;
  receivedAt: number;
}

export const parsedAnswer = ({ body }: Answer): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    throw new ProviderFailure("malformed", "the provider's answer is not JSON");
  }
};
