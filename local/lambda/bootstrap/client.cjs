// The worker's side of the Runtime API, over one connection that stays open.
const http = require("node:http");

const [address, workerId] = process.env.AWS_LAMBDA_RUNTIME_API.split("/");
const [hostname, port] = address.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const watched = new WeakSet();

/** Without its connection a worker has nobody to work for: the cloud is gone, however it went. */
const watch = (socket) => {
  if (watched.has(socket)) return;
  watched.add(socket);
  socket.once("close", () => process.exit(1));
};

const request = (method, path, payload = "", headers = {}) =>
  new Promise((resolve) => {
    const sent = http.request(
      {
        agent,
        hostname,
        port,
        method,
        path: `/${workerId}/2018-06-01/runtime/${path}`,
        headers: { ...headers, "content-length": Buffer.byteLength(payload) },
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => {
          body += chunk;
        });
        response.on("end", () => resolve({ headers: response.headers, body }));
      },
    );
    sent.once("socket", watch);
    sent.once("error", () => process.exit(1));
    sent.end(payload);
  });

module.exports = {
  workerId,
  next: async () => {
    const { headers, body } = await request("GET", "invocation/next");
    return {
      requestId: headers["lambda-runtime-aws-request-id"],
      deadlineMs: Number(headers["lambda-runtime-deadline-ms"]),
      arn: headers["lambda-runtime-invoked-function-arn"],
      traceId: headers["lambda-runtime-trace-id"],
      clockOffsetMs: Number(headers["signal9-clock-offset-ms"]),
      payload: body,
    };
  },
  answer: (requestId, kind, payload) =>
    request("POST", `invocation/${requestId}/${kind}`, payload, {
      "signal9-resident-bytes": process.memoryUsage.rss(),
    }),
  initError: (payload) => request("POST", "init/error", payload),
};
