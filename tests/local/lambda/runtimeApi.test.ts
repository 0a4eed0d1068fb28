import { once } from "node:events";
import { connect } from "node:net";
import { expect } from "chai";
import type { Answer } from "../../../local/lambda/contract";
import { openRuntimeApi, type RuntimeApi, type Take } from "../../../local/lambda/runtimeApi";
import { until } from "./functions";

const invocation = {
  requestId: "r1",
  payload: Buffer.from('{"a":1}'),
  deadlineMs: 5_000,
  arn: "arn:f",
  traceId: "Root=1-a-b",
  clockOffsetMs: 7,
};

describe("the runtime API", () => {
  let api: RuntimeApi;
  let takes: Take[];
  let answers: [string, Answer, number][];
  let initErrors: string[];

  beforeEach(async () => {
    api = await openRuntimeApi();
    takes = [];
    answers = [];
    initErrors = [];
    api.attach("w1", {
      next: (take) => takes.push(take),
      answer: (requestId, answer, residentMb) =>
        requestId === "r1" && answers.push([requestId, answer, residentMb]) > 0,
      initError: (payload) => initErrors.push(payload.toString()),
    });
  });
  afterEach(() => api.close());

  const ask = (path: string, init?: RequestInit, worker = "w1") =>
    fetch(`http://${api.address(worker)}/2018-06-01/runtime/${path}`, init);

  it("listens on this machine alone", () => {
    expect(api.address("w1")).to.match(/^127\.0\.0\.1:\d+\/w1$/);
  });

  it("keeps a worker waiting until there is an invocation, and says all about it", async () => {
    const asked = ask("invocation/next");
    await until(() => takes.length === 1);
    expect(takes[0]?.(invocation)).to.equal(true);
    const response = await asked;
    expect(response.status).to.equal(200);
    expect(Object.fromEntries(response.headers)).to.include({
      "lambda-runtime-aws-request-id": "r1",
      "lambda-runtime-deadline-ms": "5000",
      "lambda-runtime-invoked-function-arn": "arn:f",
      "lambda-runtime-trace-id": "Root=1-a-b",
      "signal9-clock-offset-ms": "7",
    });
    expect(await response.json()).to.deep.equal({ a: 1 });
  });

  it("says so if the worker waits no longer", async () => {
    const [host, port] = (api.address("w1").split("/")[0] ?? "").split(":");
    const socket = connect(Number(port), host);
    socket.write("GET /w1/2018-06-01/runtime/invocation/next HTTP/1.1\r\nhost: x\r\n\r\n");
    await until(() => takes.length === 1);
    socket.resetAndDestroy();
    await once(socket, "close");
    await until(() => takes[0]?.(invocation) === false);
  });

  it("takes answers and errors", async () => {
    const headers = { "signal9-resident-bytes": String(50 * 2 ** 20) };
    expect((await ask("invocation/r1/response", { method: "POST", body: "1", headers })).status).to.equal(202);
    expect((await ask("invocation/r1/error", { method: "POST", body: "{}" })).status).to.equal(202);
    expect((await ask("init/error", { method: "POST", body: "bad" })).status).to.equal(202);
    expect(answers).to.deep.equal([
      ["r1", { kind: "success", payload: Buffer.from("1") }, 50],
      ["r1", { kind: "error", functionError: "Unhandled", payload: Buffer.from("{}") }, 0],
    ]);
    expect(initErrors).to.deep.equal(["bad"]);
  });

  it("turns an answer that is too long into an error", async () => {
    const body = "x".repeat(6_291_557);
    const response = await ask("invocation/r1/response", { method: "POST", body });
    expect(response.status).to.equal(413);
    expect(answers[0]?.[1].payload.toString()).to.contain("Function.ResponseSizeTooLarge");
    expect((await ask("init/error", { method: "POST", body })).status).to.equal(202);
    expect(initErrors[0]).to.contain("Function.ResponseSizeTooLarge");
  });

  const refused: [string, string, string, number, string][] = [
    ["an invocation that is not under way", "invocation/r2/response", "POST", 400, "r2 is not under way here"],
    ["another operation", "invocation/r1/restore", "POST", 404, "is not supported"],
    ["another method", "invocation/next", "DELETE", 405, "DELETE /w1/2018-06-01/runtime/invocation/next is not"],
  ];
  for (const [what, path, method, status, message] of refused) {
    it(`refuses ${what}`, async () => {
      const response = await ask(path, { method });
      expect(response.status).to.equal(status);
      expect(await response.json())
        .to.have.property("errorMessage")
        .that.contains(message);
    });
  }

  it("refuses who is no worker, or no longer one", async () => {
    expect((await ask("invocation/next", {}, "w2")).status).to.equal(403);
    api.detach("w1");
    expect((await ask("invocation/next")).status).to.equal(403);
  });

  it("outlives a worker that dies in the middle of its answer", async () => {
    const [host, port] = (api.address("w1").split("/")[0] ?? "").split(":");
    const socket = connect(Number(port), host);
    socket.write("POST /w1/2018-06-01/runtime/init/error HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf");
    await once(socket, "connect");
    socket.destroySoon();
    await once(socket, "close");
    expect((await ask("init/error", { method: "POST", body: "whole" })).status).to.equal(202);
    expect(initErrors).to.deep.equal(["whole"]);
  });
});
