import { AwsError } from "../cloud/awsError";
import { takingOnly } from "../cloud/parameters";
import type { Operation } from "../cloud/service";
import { parametersIn } from "../gateway/awsQuery";
import { Repeated } from "../gateway/xml";
import { host } from "./server";

/** A replication group as whoever looks for it is told of it. */
export interface Shown {
  id: string;
  arn: string;
  description: string;
  /** Whether there is a Redis behind it. */
  available: boolean;
  port: number;
  members: readonly string[];
  nodeType: string;
  automaticFailover: boolean;
  multiAz: boolean;
}

type Fields = Record<string, string>;

const endpoint = ({ port }: Shown) => ({ Address: host, Port: port });
const enabled = (yes: boolean): string => (yes ? "enabled" : "disabled");

const describe = (group: Shown) => {
  const status = group.available ? "available" : "create-failed";
  return {
    ReplicationGroupId: group.id,
    ARN: group.arn,
    Description: group.description,
    Status: status,
    MemberClusters: { ClusterId: new Repeated(group.members) },
    NodeGroups: {
      NodeGroup: {
        NodeGroupId: "0001",
        Status: status,
        PrimaryEndpoint: endpoint(group),
        ReaderEndpoint: endpoint(group),
      },
    },
    AutomaticFailover: enabled(group.automaticFailover),
    MultiAZ: enabled(group.multiAz),
    ClusterEnabled: false,
    CacheNodeType: group.nodeType,
    AuthTokenEnabled: true,
    TransitEncryptionEnabled: true,
    TransitEncryptionMode: "required",
  };
};

/** Looking for caches: where they are is what their users must know. */
export const describeOperations = (
  groups: ReadonlyMap<string, Shown>,
  arnOf: (id: string) => string,
): Record<string, Operation> =>
  takingOnly(
    "elasticache",
    { DescribeReplicationGroups: ["ReplicationGroupId"] },
    {
      DescribeReplicationGroups: {
        access: ({ ReplicationGroupId = "*" }: Fields) => ({
          action: "elasticache:DescribeReplicationGroups",
          resource: arnOf(ReplicationGroupId),
        }),
        run: ({ ReplicationGroupId }: Fields) => {
          const found = [...groups.values()].filter(({ id }) => id === (ReplicationGroupId ?? id));
          if (ReplicationGroupId !== undefined && found.length === 0) {
            const message = `ReplicationGroup ${ReplicationGroupId} not found.`;
            throw new AwsError("ReplicationGroupNotFoundFault", message, 404);
          }
          return { ReplicationGroups: { ReplicationGroup: new Repeated(found.map(describe)) } };
        },
      },
    },
    parametersIn,
  );
