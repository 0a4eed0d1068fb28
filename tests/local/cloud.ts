import { Cloud } from "../../local/cloud/cloud";
import type { Service } from "../../local/cloud/service";
import type { Realised } from "../../local/engine/program";
import { type Gateway, type Shown, startGateway } from "../../local/gateway/gateway";
import { makePipeline } from "../../local/gateway/pipeline";
import { compilePolicy } from "../../local/iam/policy";
import { roleSession } from "../../local/iam/principal";

export interface TestCloud {
  cloud: Cloud;
  gateway: Gateway;
  /** For an AWS SDK client: signs as the administrator. */
  client: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
    maxAttempts: number;
  };
  /** The same, signing as a role that may do just what `statements` say. */
  asRole: (statements: { Action: string | string[]; Resource: string | string[] }[]) => TestCloud["client"];
  /** Declares a resource as the program would. */
  declare: (type: string, name: string, inputs: Record<string, unknown>) => Promise<Realised>;
  reset: () => Promise<void>;
  close: () => Promise<void>;
}

/** A gateway with some services, on a free port. */
export const startTestCloud = async (
  make: (cloud: Cloud) => Service[],
  cloud = new Cloud(),
  { shown, port = 0 }: { shown?: () => Promise<Shown>; port?: number } = {},
): Promise<TestCloud> => {
  const services = make(cloud);
  const gateway = await startGateway(makePipeline(cloud, services), port, shown);
  cloud.endpoint = gateway.url;
  const client = (credentials: TestCloud["client"]["credentials"]) => ({
    endpoint: gateway.url,
    region: "us-east-1",
    credentials,
    maxAttempts: 1,
  });
  let roles = 0;
  return {
    cloud,
    gateway,
    client: client({ accessKeyId: "local", secretAccessKey: "local" }),
    asRole: (statements) => {
      const arn = `arn:aws:iam::123456789012:role/tester-${++roles}`;
      const document = { Version: "2012-10-17", Statement: statements.map((one) => ({ Effect: "Allow", ...one })) };
      cloud.putRolePolicy(arn, "tester", compilePolicy(document, { name: "tester", kind: "identity" }));
      return client(cloud.issueCredentials(roleSession(arn, "test")));
    },
    declare: async (type, name, inputs) => {
      const realise = services.find((service) => type in service.resources)?.resources[type];
      if (!realise) throw new Error(`no service makes ${type}`);
      return realise({ type, name, inputs });
    },
    reset: async () => {
      for (const service of services) await service.reset();
    },
    close: async () => {
      await gateway.close();
      for (const service of services) await service.close();
      cloud.clock.stop();
    },
  };
};
