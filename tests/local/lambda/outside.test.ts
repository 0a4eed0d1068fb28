import { expect } from "chai";
import { answer, functionMaker } from "./functions";

const calls = `
  const net = require("node:net");
  const reach = (...target) => new Promise((told) => {
    const socket = net.connect(...target);
    socket.once("error", (error) => told({ code: error.code, message: error.message }));
    socket.once("connect", () => told({ code: "connected" }));
  });
  const fetched = (url) => fetch(url).then(() => "answered", (error) => error.cause?.code ?? String(error));
  exports.handler = async ({ url }) => ({
    byOptions: await reach({ host: "192.0.2.1", port: 443 }),
    byPort: (await reach(443, "example.com")).code,
    six: (await reach({ host: "2001:db8::1", port: 443 })).code,
    byUrl: await fetched(url),
    // Nobody listens there: refused by this machine, not by us.
    near: (await reach({ host: "127.0.0.1", port: 1 })).code,
    nearBySix: (await reach({ host: "::1", port: 1 })).code !== "EHOSTUNREACH" || "held back",
    nearByName: (await reach(1, "localhost")).code,
  });
`;

describe("a function that calls the world outside", () => {
  const { make, clean } = functionMaker();
  afterEach(clean);

  it("is held back, and told why", async () => {
    const { pool } = await make(calls);
    const seen = answer(await pool.invoke(Buffer.from(JSON.stringify({ url: "https://www.alphavantage.co/query" }))));
    expect(seen).to.deep.equal({
      byOptions: {
        code: "EHOSTUNREACH",
        message: "192.0.2.1 is outside the embedded cloud, which calls nothing there (npm start -- --live does)",
      },
      byPort: "EHOSTUNREACH",
      six: "EHOSTUNREACH",
      byUrl: "EHOSTUNREACH",
      near: "ECONNREFUSED",
      nearBySix: true,
      nearByName: "ECONNREFUSED",
    });
  });

  it("goes out where the user allows it", async () => {
    const { pool } = await make(
      `exports.handler = async () => new Promise((told) => {
        const socket = require("node:net").connect({ host: "192.0.2.1", port: 9 });
        socket.once("error", (error) => told(error.message));
        setTimeout(() => told("on its way"), 300);
      });`,
      { outside: true },
    );
    const seen = answer(await pool.invoke(Buffer.from("{}")));
    expect(seen).not.to.match(/outside the embedded cloud/);
  });

  it("trusts the authorities that Node brings along, as on AWS", async () => {
    const { pool } = await make(
      `const { getCACertificates } = require("node:tls");
      exports.handler = async () => getCACertificates("default").length === getCACertificates("bundled").length;`,
      { outside: true },
    );
    expect(answer(await pool.invoke(Buffer.from("{}")))).to.equal(true);
  });
});
