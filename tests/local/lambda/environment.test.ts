import { expect } from "chai";
import { checkEnvironment, workerEnvironment } from "../../../local/lambda/environment";
import { aConfig, anAccess } from "./functions";

const place = { folder: "/work", runtimeApi: "127.0.0.1:1/w", stream: "stream", path: "/bin" };

describe("a worker's environment", () => {
  it("holds the function's variables and what Lambda sets", () => {
    const environment = workerEnvironment(aConfig({ environment: { TABLE: "assets" }, logGroup: "/own" }), place);
    expect(environment).to.include({
      TABLE: "assets",
      PATH: "/bin",
      TZ: ":UTC",
      _HANDLER: "__index.handler",
      LAMBDA_TASK_ROOT: "/work",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_LAMBDA_LOG_GROUP_NAME: "/own",
      AWS_LAMBDA_LOG_LEVEL: "INFO",
      AWS_LAMBDA_RUNTIME_API: "127.0.0.1:1/w",
    });
    expect(environment).not.to.have.property("AWS_SESSION_TOKEN");
  });

  it("names the default log group after the function, and passes token and level where given", () => {
    const config = aConfig({ access: { ...anAccess, sessionToken: "token" }, logLevel: "TRACE" });
    const environment = workerEnvironment(config, { ...place, path: undefined });
    expect(environment).to.include({
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/ratings",
      AWS_SESSION_TOKEN: "token",
      AWS_LAMBDA_LOG_LEVEL: "TRACE",
    });
    expect(environment).not.to.have.property("PATH");
  });

  for (const name of ["AWS_REGION", "_HANDLER", "AWS_LAMBDA_EXEC_WRAPPER", "AWS_ENDPOINT_URL_S3", "PATH", "TZ"]) {
    it(`refuses ${name} as a variable of the function`, () => {
      const config = aConfig({ environment: { TABLE: "assets", [name]: "x" } });
      expect(() => checkEnvironment(config)).to.throw(
        `function ratings may not set ${name}: set by the Lambda runtime`,
      );
    });
  }

  it("takes variables that only look like Lambda's", () => {
    expect(() => checkEnvironment(aConfig({ environment: { AWS_REGIONS: "x", NODE_OPTIONS: "" } }))).not.to.throw();
  });
});
