import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect } from "chai";
import { makeWire, type Wire } from "../../../local/dynamodb/wire";
import { failure } from "../failure";

const ok = (body: string, more = "") =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`;

/** An engine that answers each request, as text, in its own way. */
const engine = async (answer: (request: string, socket: Socket) => void) => {
  const sockets = new Set<Socket>();
  let most = 0;
  const server = createServer((socket) => {
    most = Math.max(most, sockets.add(socket).size);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    let text = "";
    socket.on("data", (piece) => {
      text += piece.toString("latin1");
      const [, length = "0"] = /content-length: (\d+)/.exec(text) ?? [];
      const end = text.indexOf("\r\n\r\n");
      if (end < 0 || text.length < end + 4 + Number(length)) return;
      const request = text;
      text = "";
      answer(request, socket);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const wire = makeWire(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    wire,
    most: () => most,
    close: async () => {
      wire.close();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
};

type Engine = Awaited<ReturnType<typeof engine>>;

const text = async (answer: ReturnType<Wire["post"]>) => {
  const { status, body } = await answer;
  return `${status} ${body.toString()}`;
};

describe("the wire to the engine", () => {
  let running: Engine;
  const start = async (answer: Parameters<typeof engine>[0]) => {
    running = await engine(answer);
    return running.wire;
  };
  afterEach(() => running.close());

  it("posts headers and body, one request after the other over one connection", async () => {
    const wire = await start((request, socket) => socket.write(ok(JSON.stringify(request.split("\r\n")))));
    const lines = async (body: string | Buffer) =>
      JSON.parse((await wire.post({ "x-amz-target": "GetItem" }, body)).body.toString()) as string[];
    const first = await lines('{"a":"é"}');
    expect(first[0]).to.equal("POST / HTTP/1.1");
    expect(first).to.include("x-amz-target: GetItem").and.include("content-length: 10");
    expect(await lines(Buffer.from("two"))).to.include("two");
    expect(running.most()).to.equal(1);
  });

  it("puts an answer together however it is cut", async () => {
    const whole = ok("é".repeat(3), "x-a: b\r\n");
    const wire = await start(async (_, socket) => {
      for (const byte of Buffer.from(whole)) {
        socket.write(Buffer.from([byte]));
        await new Promise(setImmediate);
      }
    });
    expect(await text(wire.post({}, "{}"))).to.equal("200 ééé");
    expect(await text(wire.post({}, "{}"))).to.equal("200 ééé");
  });

  it("reads a body in chunks, and a refusal", async () => {
    const chunked = "HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n\r\n";
    const wire = await start((_, socket) => {
      socket.write(chunked.slice(0, 65));
      setImmediate(() => socket.write(chunked.slice(65)));
    });
    expect(await text(wire.post({}, "{}"))).to.equal("400 abcd");
    expect(await text(wire.post({}, "{}"))).to.equal("400 abcd");
    expect(running.most()).to.equal(1);
  });

  it("has at most 64 requests under way; the others wait their turn", async () => {
    const wire = await start((request, socket) => setImmediate(() => socket.write(ok(request.slice(-3)))));
    const bodies = Array.from({ length: 300 }, (_, at) => String(100 + at));
    const answers = await Promise.all(bodies.map((body) => text(wire.post({}, body))));
    expect(answers).to.deep.equal(bodies.map((body) => `200 ${body}`));
    expect(running.most()).to.equal(64);
  });

  it("goes on over a new connection where one was closed, and says so to whom it was answering", async () => {
    const seen: Socket[] = [];
    const wire = await start((_, socket) => {
      seen.push(socket);
      // It is left to whoever hears that to close it.
      if (seen.length === 1) socket.write(ok("bye", "Connection: close\r\n"));
      else if (seen.length === 2) socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
      else socket.write(ok("here"));
    });
    expect(await text(wire.post({}, "{}"))).to.equal("200 bye");
    expect((await failure(wire.post({}, "{}"))).message).to.include("closed before an answer was complete");
    expect(await text(wire.post({}, "{}"))).to.equal("200 here");
    expect(new Set(seen).size).to.equal(3);
  });

  it("refuses what is no answer, and trusts no connection any more that brings what nobody asked for", async () => {
    const seen: Socket[] = [];
    const wire = await start((_, socket) => {
      seen.push(socket);
      if (seen.length === 1) socket.write("SSH-2.0 hello\r\n\r\n");
      else if (seen.length === 2) socket.write(ok("one") + ok("two"));
      else socket.write(ok("three"));
    });
    expect((await failure(wire.post({}, "{}"))).message).to.include("an answer that is none: SSH-2.0 hello");
    expect(await text(wire.post({}, "{}"))).to.equal("200 one");
    expect(await text(wire.post({}, "{}"))).to.equal("200 three");
    expect(new Set(seen).size).to.equal(3);
    const closed = once(seen[2] as Socket, "close");
    seen[2]?.write(ok("four"));
    await closed;
  });

  it("lets nobody wait once it is closed", async () => {
    const wire = await start(() => undefined);
    const left = Array.from({ length: 70 }, () => failure(wire.post({}, "{}")));
    wire.close();
    const reasons = new Set((await Promise.all(left)).map(({ message }) => message));
    expect([...reasons]).to.deep.equal([
      "the connection was closed before an answer was complete",
      "closed before it was asked",
    ]);
    expect((await failure(wire.post({}, "{}"))).message).to.equal("closed before it was asked");
  });
});
