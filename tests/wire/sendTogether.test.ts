import type { BatchResultErrorEntry, SendMessageBatchCommandInput } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { sendTogether } from "../../functions/processing/aws/sendTogether";
import { sqs } from "../../functions/processing/aws/sqs";
import { Failure } from "../../functions/processing/failure";
import { captureOutput } from "./output";
import { noting } from "./run";
import { type World, world } from "./world";

type Refused = Omit<BatchResultErrorEntry, "Id">;

/** Answers, instead of SQS, for the entries with such a text; they are not sent. Answers the texts of each call. */
const refusing = (refusalOf: (body: string, call: number) => Refused | undefined): string[][] => {
  const calls: string[][] = [];
  sqs().middlewareStack.add(
    (next) => async (args) => {
      const { QueueUrl, Entries = [] } = args.input as SendMessageBatchCommandInput;
      calls.push(Entries.map(({ MessageBody = "" }) => MessageBody));
      const refused = Entries.map(({ Id, MessageBody = "" }) => ({ Id, ...refusalOf(MessageBody, calls.length) }));
      const taken = Entries.filter((_, at) => refused[at]?.Code === undefined);
      const Failed = refused.filter(({ Code }) => Code !== undefined);
      if (taken.length === 0) return { response: {}, output: { $metadata: {}, Failed } };
      const answer = await next({ ...args, input: { QueueUrl, Entries: taken } });
      return { ...answer, output: { ...answer.output, Failed } };
    },
    { step: "initialize", name: "refusing" },
  );
  return calls;
};

const failureOf = (sent: Promise<void>): Promise<unknown> =>
  sent.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("messages that are sent at the same time", () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  beforeEach(() => here.deadLetters.take());
  afterEach(() => sqs().middlewareStack.remove("refusing"));

  const url = () => here.deadLetters.queueUrl;
  const arrived = async () => (await here.deadLetters.take()).map(({ Body }) => Body).sort();

  it("go ten a call, each with its own attributes", async () => {
    const { run, calls } = noting();
    const bodies = Array.from({ length: 23 }, (_, at) => `message ${at + 10}`);
    await Promise.all(bodies.map((body) => sendTogether(url(), { body, attributes: { about: body } }, run)));
    expect(calls).to.deep.equal(Array(3).fill("SendMessageBatch"));
    const messages = await here.deadLetters.take();
    expect(messages.map(({ Body }) => Body).sort()).to.deep.equal(bodies);
    for (const { Body, MessageAttributes } of messages) {
      expect(MessageAttributes?.["about"]?.StringValue).to.equal(Body);
    }
  });

  it("go as many a call as fit its size, and one that is too large for any fails alone", async () => {
    const { run, calls } = noting();
    const large = (letter: string, bytes: number) => sendTogether(url(), { body: letter.repeat(bytes) }, run);
    const [, , tooLarge] = await Promise.all([
      large("a", 600_000),
      large("b", 600_000),
      failureOf(large("c", 1_100_000)),
      large("d", 10),
    ]);
    expect(tooLarge).to.be.instanceOf(Failure).with.property("category", "permanent");
    expect(calls).to.have.length(4);
    expect((await arrived()).map((body) => body?.length)).to.deep.equal([600_000, 600_000, 10]);
  });

  it("count with their attributes", async () => {
    const { run, calls } = noting();
    const half = (body: string) => sendTogether(url(), { body, attributes: { why: "y".repeat(600_000) } }, run);
    await Promise.all([half("a"), half("b")]);
    expect(calls).to.have.length(2);
    expect(await arrived()).to.deep.equal(["a", "b"]);
  });

  it("go to the queue of each", async () => {
    const { run, calls } = noting();
    const nowhere = failureOf(sendTogether(`${url()}-of-nobody`, { body: "lost" }, run));
    await sendTogether(url(), { body: "here" }, run);
    expect(await nowhere)
      .to.be.instanceOf(Failure)
      .with.property("category", "permanent");
    expect(calls).to.have.length(2);
    expect(await arrived()).to.deep.equal(["here"]);
  });

  it("are sent once more where SQS could not take them, and they alone", async () => {
    const { run } = noting();
    const calls = refusing((body, call) =>
      body === "b" && call < 3 ? { Code: "InternalError", Message: "not now", SenderFault: false } : undefined,
    );
    await captureOutput(() => Promise.all(["a", "b", "c"].map((body) => sendTogether(url(), { body }, run))));
    expect(calls).to.deep.equal([["a", "b", "c"], ["b"], ["b"]]);
    expect(await arrived()).to.deep.equal(["a", "b", "c"]);
  });

  it("are sent each alone where one of them spoils it for all", async () => {
    const { run } = noting();
    const calls = refusing((body, call) => {
      if (body === "spoils") throw Object.assign(new Error(`call ${call}`), { name: "InvalidBatch", $fault: "client" });
      return undefined;
    });
    const [good, spoiling, other] = await Promise.all(
      ["good", "spoils", "other"].map((body) => failureOf(sendTogether(url(), { body }, run))),
    );
    expect([good, other]).to.deep.equal([undefined, undefined]);
    expect(spoiling).to.include({ category: "permanent", message: "InvalidBatch: call 3" });
    expect(calls).to.deep.equal([["good", "spoils", "other"], ["good"], ["spoils"], ["other"]]);
    expect(await arrived()).to.deep.equal(["good", "other"]);
  });

  it("fail each for itself, with what SQS said: at once where it will never be taken, else after the last try", async () => {
    const { run } = noting();
    const refusals: Record<string, Refused> = {
      never: { Code: "InvalidMessageContents", Message: "odd letters", SenderFault: true },
      down: { Code: "InternalError", Message: "not now", SenderFault: false },
    };
    const calls = refusing((body) => refusals[body]);
    const { result } = await captureOutput(() =>
      Promise.all(["never", "down", "good"].map((body) => failureOf(sendTogether(url(), { body }, run)))),
    );
    const [never, down, good] = result;
    expect(never).to.include({ category: "permanent" });
    expect((never as Failure).message).to.equal("SQS refused a message: InvalidMessageContents: odd letters");
    expect(down).to.include({ category: "throttled" });
    expect(good).to.equal(undefined);
    expect(calls[0]).to.deep.equal(["never", "down", "good"]);
    expect(calls.length).to.be.greaterThan(1);
    for (const again of calls.slice(1)) expect(again).to.deep.equal(["down"]);
    expect(await arrived()).to.deep.equal(["good"]);
  });
});
