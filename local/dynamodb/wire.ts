import { connect, type Socket } from "node:net";

export interface Answer {
  status: number;
  body: Buffer;
}

export interface Wire {
  /** Posts a body, in a request of its own. */
  post: (headers: Record<string, string>, body: Buffer | string) => Promise<Answer>;
  close: () => void;
}

interface Asked {
  request: Buffer;
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

const mostConnections = 64;
const lineEnd = "\r\n";
const headEnd = "\r\n\r\n";

/** The chunks of a body as one, once the last of them is there. */
const unchunked = (bytes: Buffer): Buffer | undefined => {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const sizeEnd = bytes.indexOf(lineEnd, at);
    if (sizeEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, sizeEnd), 16);
    if (Number.isNaN(size)) throw new Error("a chunk without a size");
    const from = sizeEnd + lineEnd.length;
    const end = from + size;
    if (bytes.length < end + lineEnd.length) return undefined;
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(from, end));
    at = end + lineEnd.length;
  }
};

interface Head {
  status: number;
  /** Undefined for a body in chunks. */
  length: number | undefined;
  lasts: boolean;
}

const headOf = (text: string): Head => {
  const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(text) ?? [];
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(text) ?? [];
  const isChunked = /\r\ntransfer-encoding: *chunked/i.test(text);
  if (status === undefined || (length === undefined && !isChunked)) {
    throw new Error(`an answer that is none: ${text.slice(0, 80)}`);
  }
  return {
    status: Number(status),
    length: isChunked ? undefined : Number(length),
    lasts: !/\r\nconnection: *close/i.test(text),
  };
};

/** Puts together the answer to one request from the pieces in which it comes. */
const makeReader = () => {
  let pieces: Buffer[] = [];
  let size = 0;
  let head: Head | undefined;

  const whole = (): Buffer => {
    const [first] = pieces;
    const bytes = pieces.length === 1 && first ? first : Buffer.concat(pieces);
    pieces = [bytes];
    return bytes;
  };

  const readHead = (): Head | undefined => {
    const bytes = whole();
    const end = bytes.indexOf(headEnd);
    if (end < 0) return undefined;
    const read = headOf(bytes.toString("latin1", 0, end));
    pieces = [bytes.subarray(end + headEnd.length)];
    size -= end + headEnd.length;
    return read;
  };

  /** The answer, and whether the connection lasts, once all of it is there. */
  return (piece: Buffer): { answer: Answer; lasts: boolean } | undefined => {
    pieces.push(piece);
    size += piece.length;
    head ??= readHead();
    if (!head) return undefined;
    const { status, length, lasts } = head;
    if (length !== undefined && size < length) return undefined;
    const body = length === undefined ? unchunked(whole()) : whole().subarray(0, length);
    // What comes after it, nobody asked for.
    return body && { answer: { status, body }, lasts: lasts && (length === undefined || size === length) };
  };
};

/**
 * Posts over connections that stay open, one request on each at a time. Node's own client can do everything, and takes four
 * times as long for it: with several calls an event that would be a good part of what an event costs here.
 */
export const makeWire = (endpoint: string): Wire => {
  const { host, hostname, port } = new URL(endpoint);
  const opening = `POST / HTTP/1.1${lineEnd}host: ${host}${lineEnd}`;
  const connections = new Set<Socket>();
  const idle: ((asked: Asked) => void)[] = [];
  const waiting: Asked[] = [];
  let closed = false;

  const open = (): ((asked: Asked) => void) => {
    let current: Asked | undefined;
    let read = makeReader();
    const socket = connect({ host: hostname, port: Number(port || 80), noDelay: true });
    connections.add(socket);

    const ask = (asked: Asked): void => {
      current = asked;
      read = makeReader();
      socket.ref();
      socket.write(asked.request);
    };
    const lose = (error: Error): void => {
      connections.delete(socket);
      socket.destroy();
      if (idle.includes(ask)) idle.splice(idle.indexOf(ask), 1);
      current?.reject(error);
      current = undefined;
      next();
    };
    socket.on("data", (piece: Buffer) => {
      if (!current) return lose(new Error("an answer that nobody asked for"));
      try {
        const complete = read(piece);
        if (!complete) return;
        const { resolve } = current;
        current = undefined;
        resolve(complete.answer);
        if (!complete.lasts) return lose(new Error("the connection was closed"));
        // One that nobody uses keeps no process alive.
        socket.unref();
        idle.push(ask);
        next();
      } catch (error) {
        lose(error as Error);
      }
    });
    socket.on("error", lose);
    socket.on("close", () => lose(new Error("the connection was closed before an answer was complete")));
    return ask;
  };

  const next = (): void => {
    if (closed) for (const { reject } of waiting.splice(0)) reject(new Error("closed before it was asked"));
    while (waiting.length > 0 && (idle.length > 0 || connections.size < mostConnections)) {
      const asked = waiting.shift();
      if (asked) (idle.pop() ?? open())(asked);
    }
  };

  return {
    post: (headers, body) =>
      new Promise((resolve, reject) => {
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}${lineEnd}`);
        const bytes = typeof body === "string" ? Buffer.from(body) : body;
        const head = `${opening}${lines.join("")}content-length: ${bytes.length}${headEnd}`;
        waiting.push({ request: Buffer.concat([Buffer.from(head, "latin1"), bytes]), resolve, reject });
        next();
      }),
    close: () => {
      closed = true;
      for (const socket of connections) socket.destroy();
    },
  };
};
