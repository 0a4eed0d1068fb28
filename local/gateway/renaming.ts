import { AwsError } from "../cloud/awsError";
import type { Protocol } from "../cloud/service";

interface Name {
  /** @default as it was thrown */
  code?: string;
  /** @default as it was thrown */
  status?: number;
  /** What the service says otherwise in its sentence. */
  wording?: (message: string) => string;
}

export type Names = Readonly<Record<string, Name>>;

/** Services of AWS's JSON protocols refuse whom they do not know, or do not admit, with status 400. */
export const jsonNames: Names = {
  AccessDeniedException: { status: 400 },
  UnrecognizedClientException: { status: 400 },
};

/** Errors that the whole cloud throws, by the names that one service has for them. */
export const renaming = (protocol: Protocol, names: Names): Protocol => ({
  ...protocol,
  refuse: (error, requestId) => {
    const name = names[error.code];
    if (!name) return protocol.refuse(error, requestId);
    const { code = error.code, status = error.status, wording = (message) => message } = name;
    return protocol.refuse(new AwsError(code, wording(error.message), status, error.more), requestId);
  },
});
