import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { expect } from "chai";
import { aConfig, functionMaker, isAlive, until } from "./functions";

const root = resolve(__dirname, "../../..");

describe("workers whose cloud was killed", () => {
  const { write, clean } = functionMaker();
  afterEach(clean);

  it("end by themselves, be they idle or at work", async () => {
    const folder = await write(
      `exports.handler = async (event) => { console.log("pid", process.pid); await new Promise((r) => setTimeout(r, event.ms)); };`,
    );
    const config = aConfig({ folder, timeoutMs: 60_000 });
    const program = `
      const { createFunctionPool } = require("./local/lambda/pool");
      const pool = createFunctionPool(${JSON.stringify(config)}, {
        now: Date.now, clockOffsetMs: () => 0, newId: require("node:crypto").randomUUID,
        onLog: ({ message }) => message.includes("pid") && console.log(JSON.parse(message).message),
      });
      pool.invoke(Buffer.from('{"ms":50000}'));
      pool.invoke(Buffer.from('{"ms":0}')).then(() => console.log("idle"));`;
    const cloud = spawn(process.execPath, ["-r", "./local/engine/typescript.cjs", "-e", program], { cwd: root });
    let said = "";
    cloud.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
    });
    const pids = () => [...said.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
    await until(() => pids().length === 2 && said.includes("idle"));
    expect(pids().every(isAlive)).to.equal(true);
    cloud.kill("SIGKILL");
    await once(cloud, "close");
    await until(() => !pids().some(isAlive));
  });
});
