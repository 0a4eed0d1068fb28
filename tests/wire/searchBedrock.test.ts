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
  const failure = (...texts: string[]) => embed(...texts).catch((error: unknown) => error);

  it("asks for a vector of each text, in order, and for none of an empty one", async () => {
    service.answer(200, ({ inputText }) => ({
      embedding: [Number(inputText), ...vector.slice(1)],
      inputTextTokenCount: 1,
    }));
    const vectors = await embed("1", " ", "2");
    expect(vectors.map((one) => one?.[0])).to.deep.equal([1, undefined, 2]);
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

  it("stops at the first refusal, and says which kind it is", async () => {
    service.answer(403, () => ({ __type: "AccessDeniedException", message: "no" }));
    const denied = await failure(...Array.from({ length: 40 }, () => "text"));
    expect(denied).to.be.instanceOf(Failure).with.property("category", "denied");
    expect(service.calls.length).to.be.at.most(8);
    service.answer(429, () => ({ __type: "ThrottlingException", message: "slow" }));
    expect(await failure("text")).to.include({ category: "throttled" });
  });

  it("refuses what is no vector of the length that the indices have", async () => {
    for (const body of [{ embedding: [1, 2] }, { embedding: "none" }, {}]) {
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
