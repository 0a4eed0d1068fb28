import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { classify } from "../aws/classify";
import { sqs } from "../aws/sqs";
import type { Run } from "../consume/run";
import { claim, release } from "../effects/lease";
import { overtaken } from "../effects/overtaken";
import { env } from "../environment";
import { causeOf, Failure, treatment } from "../failure";
import { type Account, endingOf } from "../ledger/account";
import { type File, readingLeaseMs, readingPatienceMs } from "../ledger/file";
import { endImport, type Outcome } from "../ledger/imports/end";
import { type Import, importOf } from "../ledger/imports/store";
import { readAccount, readFile } from "../ledger/read";
import { bounds } from "../statements/bounds";
import { refusal } from "../statements/refuse";
import { type Survey, survey } from "../statements/survey";
import { type Arrived, deleted, noteArrival, noteReading } from "./arrival";
import { gather } from "./gather";
import { findCheckpoint, leaveCheckpoint, nothingYet } from "./progress";
import { sameContent } from "./sameContent";
import { sourceOf } from "./source";
import type { Upload } from "./upload";
import { knownContent, refused, verdict } from "./verdict";

const postponedSeconds = 30;

/** The same message once more, in a while: long before the queue would deliver this one again. */
const postpone = async (upload: Upload, why: Failure, run: Run): Promise<string> => {
  if (run.now() - upload.timestamp > readingPatienceMs)
    throw new Failure("permanent", `gave up after six hours: ${why.message}`);
  await run.call("SendMessage", "aws", () =>
    sqs().send(
      new SendMessageCommand({
        QueueUrl: env("OWN_QUEUE_URL"),
        MessageBody: upload.body,
        DelaySeconds: postponedSeconds,
      }),
    ),
  );
  run.log.warn("postponed", causeOf(why));
  return "postponed";
};

/** What a file must be before it is worth reading. */
const requireFit = ({ fileSize, accountId }: File, account: Account | undefined, { size }: Upload): void => {
  if (size > bounds.fileBytes) throw refusal("fileSize", `must be at most ${bounds.fileBytes} bytes, is ${size}`);
  if (size !== fileSize) throw refusal("fileSize", `was announced as ${fileSize} bytes, ${size} were uploaded`);
  if (accountId !== undefined && !account) throw refusal("accountId", "must name an account that is there");
};

const family = (format: string): string => (format === "csv" ? "csv" : "ofx");

/** What a file turned out to be must be what its owner said of it. */
const requireAgreement = (file: File, account: Account | undefined, found: Survey): void => {
  if (file.fileFormat !== undefined && family(file.fileFormat) !== family(found.format)) {
    throw refusal("fileFormat", `was announced as ${file.fileFormat}, the file is ${found.format}`);
  }
  const [said, known] = [found.account?.ending, account?.accountNumberEnding];
  if (said !== undefined && known !== undefined && endingOf(said) !== known) {
    throw refusal("accountId", "must name the account of the statement: their numbers end differently");
  }
};

/** Ends the reading; where its account went at the last moment, as a failure. */
const end = (reading: Import, outcome: Outcome, run: Run): Promise<string> =>
  overtaken(run, async () => {
    const { file, act } = reading;
    if (!(await readFile(act.owner, file.fileId, run))) return deleted;
    const gone = file.accountId !== undefined && !(await readAccount(act.owner, file.accountId, run));
    const result = gone ? refused("accountId must name an account that is there") : outcome;
    const ended = await endImport(reading, result, run);
    return ended === "done" ? result.status : ended;
  });

const readInto = async (upload: Upload, { file, act }: Arrived, run: Run): Promise<string> => {
  const reading = importOf(file, act);
  const { importId } = reading;
  const account = file.accountId === undefined ? undefined : await readAccount(act.owner, file.accountId, run);
  const source = sourceOf(upload, run);
  const left = await findCheckpoint(importId, upload.content, run);
  let found = left?.survey;
  try {
    requireFit(file, account, upload);
    found ??= await survey(source, {
      currency: account?.currency,
      dateOrder: file.dateOrder,
      decimalMark: file.decimalMark,
    });
    requireAgreement(file, account, found);
  } catch (error) {
    if (!(error instanceof Failure) || error.category !== "validation") throw error;
    return await end(reading, refused(error.message, found), run);
  }
  const twin = await sameContent(file, found.sha256, run);
  // Without an account it is by the file alone that its bookings are known again.
  if (twin && twin.readFor === undefined && !left) return await end(reading, knownContent(found, twin), run);
  const { progress, tally, end: how } = await gather(source, found, left?.progress ?? nothingYet(), reading, run);
  if (how === "done") return await end(reading, verdict(found, progress, tally, twin), run);
  if (how.interrupted.category === "validation") {
    return await end(reading, refused(how.interrupted.message, found), run);
  }
  await leaveCheckpoint(importId, { content: upload.content, survey: found, progress }, run);
  throw how.interrupted;
};

/** Statements of one account are read one at a time: what two of them share is counted for one of them. */
const placeOf = ({ owner, fileId, accountId }: File): string =>
  accountId === undefined ? `statement#${owner}#file#${fileId}` : `statement#${owner}#account#${accountId}`;

/** From a file that has arrived to its transactions in the ledger, each once, seen all at once. */
export const importStatement = async (upload: Upload, run: Run): Promise<string> => {
  if (upload.bucket !== env("UPLOADS_BUCKET")) {
    throw new Failure("validation", "event.detail.bucket.name must be that of the uploads", {
      origin: "input",
      field: "event.detail.bucket.name",
    });
  }
  const arrived = await noteArrival(upload, run);
  if (typeof arrived === "string") return arrived;
  const lease = await claim(placeOf(arrived.file), readingLeaseMs, run);
  if (!lease) {
    return await postpone(upload, new Failure("conflict", "another statement of the account is being read"), run);
  }
  try {
    const begun = await noteReading(arrived, run);
    return typeof begun === "string" ? begun : await readInto(upload, begun, run);
  } catch (error) {
    const failure = classify(error, "code");
    if (!treatment[failure.category].retry) throw failure;
    return await postpone(upload, failure, run);
  } finally {
    await release(lease, run).catch((error) => run.log.warn("the place was not given back", { error }));
  }
};
