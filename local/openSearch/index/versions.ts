import { illegalArgument, type OpenSearchError, refuse } from "../errors";

/** What a writer says of the version it writes over. */
export interface Condition {
  /** Only where there is none yet. */
  create?: boolean;
  ifSeqNo?: number;
  ifPrimaryTerm?: number;
  /** A version of the writer's own, which must be above the one that is there, or not below it. */
  external?: { type: "external" | "external_gte"; version: number };
}

/** What is there: a document, or for a while the memory of one. */
export interface Known {
  version: number;
  seqNo: number;
  deleted: boolean;
}

export interface Place {
  index: string;
  uuid: string;
  id: string;
}

/** There is one shard, which never moves. */
export const primaryTerm = 1;

const conflict = ({ index, uuid, id }: Place, reason: string): OpenSearchError =>
  refuse(
    {
      type: "version_conflict_engine_exception",
      reason: `[${id}]: version conflict, ${reason}`,
      index,
      shard: "0",
      index_uuid: uuid,
    },
    409,
  );

const checkExternal = (
  place: Place,
  known: Known | undefined,
  { type, version }: NonNullable<Condition["external"]>,
) => {
  if (!known) return;
  if (type === "external" ? version > known.version : version >= known.version) return;
  const relation = type === "external" ? "higher or equal to" : "higher than";
  throw conflict(place, `current version [${known.version}] is ${relation} the one provided [${version}]`);
};

const checkSequence = (place: Place, known: Known | undefined, ifSeqNo: number, ifPrimaryTerm: number): void => {
  const required = `required seqNo [${ifSeqNo}], primary term [${ifPrimaryTerm}].`;
  if (!known || known.deleted) throw conflict(place, `${required} but no document was found`);
  if (known.seqNo === ifSeqNo && ifPrimaryTerm === primaryTerm) return;
  throw conflict(place, `${required} current document has seqNo [${known.seqNo}] and primary term [${primaryTerm}]`);
};

/** The version that a write will have; throws where what is there is not as its writer said. */
export const nextVersion = (place: Place, known: Known | undefined, condition: Condition): number => {
  const { create, ifSeqNo, ifPrimaryTerm, external } = condition;
  if (external) {
    if (create) throw illegalArgument("create operations only support internal versioning. use index instead");
    checkExternal(place, known, external);
    return external.version;
  }
  if ((ifSeqNo === undefined) !== (ifPrimaryTerm === undefined)) {
    throw refuse({
      type: "action_request_validation_exception",
      reason: "Validation Failed: 1: if_seq_no and if_primary_term must be given together;",
    });
  }
  if (ifSeqNo !== undefined && ifPrimaryTerm !== undefined) checkSequence(place, known, ifSeqNo, ifPrimaryTerm);
  if (create && known && !known.deleted) {
    throw conflict(place, `document already exists (current version [${known.version}])`);
  }
  return (known?.version ?? 0) + 1;
};
