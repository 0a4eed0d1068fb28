import { AwsError } from "../cloud/awsError";

/** What went wrong, as OpenSearch writes it into answers: a type, a sentence, and more by type. */
export interface Cause {
  type: string;
  reason: string;
  caused_by?: Cause;
  [more: string]: unknown;
}

const withoutCause = ({ caused_by: _, ...root }: Cause): Cause => root as Cause;

/** An error of OpenSearch itself, not of what AWS has put before it. */
export class OpenSearchError extends AwsError {
  constructor(
    readonly detail: Cause,
    status: number,
    private readonly roots: readonly Cause[] = [withoutCause(detail)],
  ) {
    super(detail.type, detail.reason, status);
  }

  body(): object {
    return { error: { root_cause: this.roots, ...this.detail }, status: this.status };
  }
}

export const refuse = (detail: Cause, status = 400): OpenSearchError => new OpenSearchError(detail, status);

export const illegalArgument = (reason: string): OpenSearchError =>
  refuse({ type: "illegal_argument_exception", reason });

export const mapperParsing = (reason: string, causedBy?: Cause): OpenSearchError =>
  refuse({ type: "mapper_parsing_exception", reason, ...(causedBy && { caused_by: causedBy }) });

/** What OpenSearch may know, and nothing here does. */
export const notHere = (what: string): OpenSearchError =>
  refuse({ type: "parsing_exception", reason: `The embedded cloud does not support ${what}.` });

/** Names what of an object nobody here has thought about. */
export const knownOnly = (object: object, known: readonly string[], what: string): void => {
  const stranger = Object.keys(object).find((name) => !known.includes(name));
  if (stranger !== undefined) throw notHere(`[${stranger}] in ${what}`);
};

export const indexNotFound = (index: string): OpenSearchError =>
  refuse(
    {
      type: "index_not_found_exception",
      reason: `no such index [${index}]`,
      index,
      "resource.id": index,
      "resource.type": "index_or_alias",
      index_uuid: "_na_",
    },
    404,
  );

/** A search that failed in an index: `failed` says of each what went wrong. */
export const searchFailed = (failed: readonly { index: string; error: OpenSearchError }[]): OpenSearchError => {
  const first = failed[0]?.error;
  const causes = failed.map(({ error }) => error.detail);
  return new OpenSearchError(
    {
      type: "search_phase_execution_exception",
      reason: "all shards failed",
      phase: "query",
      grouped: true,
      failed_shards: failed.map(({ index, error }) => ({ shard: 0, index, node: "embedded", reason: error.detail })),
      ...(first && { caused_by: first.detail }),
    },
    first?.status ?? 500,
    causes.map(withoutCause),
  );
};
