import { expect } from "chai";
import { Failure } from "../../functions/processing/failure";
import { embedder } from "../../functions/processing/search/embed/embedder";
import { type Bedrock, bedrock } from "./bedrock";
import { testRun } from "./run";
import { world } from "./world";

const vector = Array.from({ length: 512 }, (_, at) => (at === 3 ? 1 : 0));

describe("the embedder on Amazon Bedrock", () => {
  let service: Bedrock;
  before(async () => {
    await world();
    service = await bedrock();
    process.env["EMBEDDER"] = "bedrock";
  });
  after(() => {
    process.env["EMBEDDER"] = "local";
  });

  const embed = (...texts: string[]) => embedder().embed(texts, testRun(0));
  const failure = async (...texts: string[]) => (await embed(...texts)).failure;
  const many = (text: string) => Array.from({ length: 40 }, () => text);

  it("asks for a vector of each text, in order, and for none of an empty one", async () => {
    service.answer(200, ({ inputText }) => ({
      embedding: vector.map((_, at) => (at === Number(inputText) ? 2 : 0)),
      inputTextTokenCount: 1,
    }));
    const { vectors, ...rest } = await embed("1", " ", "2");
    expect(vectors.map((one) => one?.indexOf(1))).to.deep.equal([1, undefined, 2]);
    expect(rest).to.deep.equal({ refused: [] });
    const call = (inputText: string) => ({
      url: "/model/amazon.titan-embed-text-v2%3A0/invoke",
      body: { inputText, dimensions: 512, normalize: true },
    });
    expect(service.calls).to.have.deep.members([call("1"), call("2")]);
  });

  it("has eight calls under way at most, and sends no more than the model takes", async () => {
    service.answer(200, () => ({ embedding: vector }));
    await embed(...Array.from({ length: 40 }, () => "x".repeat(9_000)));
    expect(service.calls).to.have.length(40);
    expect(service.most()).to.be.within(2, 8);
    expect(service.calls[0]?.body["inputText"]).to.have.length(8_000);
  });

  it("stops where the service does not answer, and says why", async () => {
    service.answer(403, () => ({ __type: "AccessDeniedException", message: "no" }));
    const denied = await failure(...many("text"));
    expect(denied).to.be.instanceOf(Failure).with.property("category", "denied");
    expect(service.calls.length).to.be.at.most(8);
    service.answer(429, () => ({ __type: "ThrottlingException", message: "slow" }));
    expect(await failure(...many("text"))).to.include({ category: "throttled" });
    expect(service.calls.length).to.be.at.most(24);
  });

  it("asks again where it was throttled, and keeps the vectors that it has where that does not help", async () => {
    let calls = 0;
    const slow = { __type: "ThrottlingException", message: "slow" };
    service.answer(
      () => (++calls % 2 ? 429 : 200),
      () => (calls % 2 ? slow : { embedding: vector }),
    );
    expect(await embed("text")).to.deep.equal({ vectors: [vector], refused: [] });
    service.answer(
      ({ inputText }) => (inputText === "slow" ? 429 : 200),
      ({ inputText }) => (inputText === "slow" ? slow : { embedding: vector }),
    );
    const { vectors, refused, failure: why } = await embed("text", "slow", ...many("text"));
    expect(vectors.slice(0, 2)).to.deep.equal([vector, undefined]);
    expect([refused, why?.category]).to.deep.equal([[], "throttled"]);
  });

  it("has no vector of a text that is refused, and those of all others", async () => {
    const invalid = { __type: "ValidationException", message: "no" };
    service.answer(
      ({ inputText }) => (inputText === "bad" ? 400 : 200),
      ({ inputText }) => (inputText === "bad" ? invalid : { embedding: inputText === "odd" ? [] : vector }),
    );
    const { vectors, refused, failure: why } = await embed("bad", ...many("text"), "odd");
    expect(vectors).to.deep.equal([undefined, ...many("text").map(() => vector), undefined]);
    expect([...refused].sort()).to.deep.equal([0, 41]);
    expect(why).to.include({ category: "permanent" });
    service.calls.length = 0;
    expect(await embed("bad")).to.deep.include({ vectors: [undefined], refused: [0] });
    expect(service.calls.map(({ body }) => body["inputText"])).to.deep.equal(["bad", "A company"]);
  });

  it("holds nothing against texts where no text at all is taken, or where it cannot be told", async () => {
    service.answer(400, () => ({ __type: "ValidationException", message: "Operation not allowed" }));
    expect((await embed("one", "two")).refused).to.deep.equal([]);
    service.answer(
      ({ inputText }) => (inputText === "bad" ? 400 : 403),
      ({ inputText }) => ({ __type: inputText === "bad" ? "ValidationException" : "AccessDeniedException" }),
    );
    expect((await embed("bad")).refused).to.deep.equal([]);
    expect((await embed("bad", "good")).refused).to.deep.equal([]);
  });

  it("refuses what is no vector, or none of the length that the indices have", async () => {
    const nowhere = new Array(512).fill(0);
    for (const body of [{ embedding: [1, 2] }, { embedding: "none" }, {}, { embedding: nowhere }]) {
      service.answer(200, () => body);
      expect(await failure("text")).to.include({
        category: "permanent",
        message: "amazon.titan-embed-text-v2:0 answered no vector",
      });
    }
  });

  it("must be chosen by name", () => {
    process.env["EMBEDDER"] = "magic";
    expect(embedder).to.throw("EMBEDDER must be bedrock or local");
    process.env["EMBEDDER"] = "bedrock";
  });
});
