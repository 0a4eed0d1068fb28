import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";

const root = resolve(__dirname, "../../..");

/** In a process of its own: here, Pulumi may be loaded already. */
const ask = (expression: string): Promise<{ stdout: string }> =>
  promisify(execFile)(
    process.execPath,
    ["-r", "./local/engine/typescript.cjs", "-e", `require("./local/engine/lessOfPulumi"); ${expression}`],
    { cwd: root },
  );

describe("what of Pulumi is left out", () => {
  it("says so to a program that asks for it", async () => {
    const asked = ask('require("@pulumi/pulumi").automation.LocalWorkspace').catch((error: Error) => error);
    expect(await asked)
      .to.be.an("error")
      .with.property("message")
      .that.includes(
        "@pulumi/pulumi/automation is not there offline or on the embedded cloud: the program asks for its LocalWorkspace",
      );
  });

  it("is not missed by one that does not", async () => {
    const { stdout } = await ask('console.log(typeof require("@pulumi/pulumi").CustomResource)');
    expect(stdout.trim()).to.equal("function");
  });

  it("is not the syntax for which V8 would compile everything anew", async () => {
    const tries =
      'try { new Function("%DebugTrace()"); console.log("accepted"); } catch (error) { console.log(error.name); }';
    expect((await ask(`require("@pulumi/pulumi/runtime/closure/v8"); ${tries}`)).stdout.trim()).to.equal("SyntaxError");
  });

  it("is TypeScript until something is asked of it", async () => {
    const isLoaded = 'Object.keys(require.cache).some((path) => path.endsWith("/typescript.js"))';
    const asks = 'require("@pulumi/pulumi/typescript-shim").version';
    const { stdout } = await ask(`require("@pulumi/pulumi"); console.log(${isLoaded}, ${asks}, ${isLoaded})`);
    expect(stdout.trim()).to.equal(`false ${require("typescript/package.json").version} true`);
  });
});
