import { expect } from "chai";
import { readParameterGroup, readReplicationGroup } from "../../../local/elastiCache/declared";
import { aGroup, groupType, parametersType, someParameters, token } from "./world";

const readGroup = (over: Record<string, unknown>) =>
  readReplicationGroup({ type: groupType, name: "cache", inputs: aGroup(over) });
const readParameters = (inputs: Record<string, unknown>) =>
  readParameterGroup({ type: parametersType, name: "parameters", inputs });

describe("a declared cache", () => {
  it("is taken as it is, with two nodes or one", () => {
    expect(readGroup({})).to.deep.equal({
      id: "cache",
      token,
      nodes: 1,
      parameterGroup: "parameters",
      subnetGroup: "subnets",
    });
    expect(readGroup({ numCacheClusters: 2, automaticFailoverEnabled: true, multiAzEnabled: true })).to.include({
      nodes: 2,
    });
    expect(readGroup({ numCacheClusters: undefined, snapshotWindow: undefined })).to.include({ nodes: 1 });
  });

  const refused: [Record<string, unknown>, string][] = [
    [{ engine: "valkey" }, 'engine must be "redis" on the embedded cloud, not "valkey"'],
    [{ transitEncryptionEnabled: false }, "transitEncryptionEnabled must be true on the embedded cloud, not false"],
    [{ transitEncryptionMode: "preferred" }, 'transitEncryptionMode must be "required"'],
    [{ replicationGroupId: "Cache" }, "replicationGroupId is not as ElastiCache wants it"],
    [{ replicationGroupId: "a--b" }, "replicationGroupId is not as ElastiCache wants it"],
    [{ replicationGroupId: "c".repeat(41) }, "replicationGroupId is not as ElastiCache wants it"],
    [{ engineVersion: "6.2" }, "engineVersion is not as ElastiCache wants it"],
    [{ nodeType: "t3.micro" }, "nodeType is not as ElastiCache wants it"],
    [{ authToken: undefined }, "authToken is not as ElastiCache wants it"],
    [{ authToken: "too-short" }, "authToken is not as ElastiCache wants it"],
    [{ authToken: "with a blank and a slash /" }, "authToken is not as ElastiCache wants it"],
    [{ numCacheClusters: 7 }, "numCacheClusters must be 1 to 6"],
    [{ automaticFailoverEnabled: true }, "automaticFailoverEnabled needs a second node"],
    [{ multiAzEnabled: true }, "multiAzEnabled needs automaticFailoverEnabled"],
    [{ clusterMode: "enabled" }, "property clusterMode is not supported by the embedded cloud"],
    [{ snapshotWindow: "mon:01:00-mon:02:00" }, "snapshotWindow must be a window such as 01:00-02:00"],
    [{ snapshotWindow: "25:00-26:00" }, "snapshotWindow must be a window such as 01:00-02:00"],
    [{ snapshotWindow: "01:00-01:59" }, "snapshotWindow must last for an hour at least"],
    [{ maintenanceWindow: "09:00-10:00" }, "maintenanceWindow must be a window such as sun:09:00-sun:10:00"],
    [{ maintenanceWindow: "sun:00:30-sun:01:30" }, "snapshotWindow and maintenanceWindow must not overlap"],
    [
      { snapshotWindow: "23:30-00:30", maintenanceWindow: "mon:00:00-mon:01:00" },
      "snapshotWindow and maintenanceWindow must not overlap",
    ],
    [
      { snapshotWindow: "00:00-01:00", maintenanceWindow: "sun:23:30-mon:00:30" },
      "snapshotWindow and maintenanceWindow must not overlap",
    ],
  ];
  for (const [over, reason] of refused) {
    it(`is refused with ${JSON.stringify(over)}`, () => {
      expect(() => readGroup(over)).to.throw(`${groupType} cache: ${reason}`);
    });
  }

  it("never repeats a token that is refused", () => {
    expect(() => readGroup({ authToken: "marked secret with blanks" }))
      .to.throw()
      .with.property("message")
      .that.does.not.include("marked");
  });
});

describe("a declared parameter group", () => {
  it("takes what Redis is told", () => {
    const values = { "maxmemory-policy": "volatile-ttl", "notify-keyspace-events": "", timeout: "0" };
    expect(readParameters(someParameters(values))).to.deep.equal({ family: "redis7", parameters: values });
    expect(readParameters({ name: "parameters", family: "redis7" }).parameters).to.deep.equal({});
  });

  for (const [values, reason] of [
    [{ appendonly: "yes" }, "parameter appendonly is not supported by the embedded cloud"],
    [{ timeout: "19" }, 'parameter timeout cannot be "19"'],
    [{ timeout: "300\nport 6379" }, 'parameter timeout cannot be "300\\nport 6379"'],
    [{ "maxmemory-policy": "lru" }, 'parameter maxmemory-policy cannot be "lru"'],
    [{ "notify-keyspace-events": "Ex y" }, 'parameter notify-keyspace-events cannot be "Ex y"'],
  ] as [Record<string, string>, string][]) {
    it(`is refused with ${JSON.stringify(values)}`, () => {
      expect(() => readParameters(someParameters(values))).to.throw(reason);
    });
  }

  it("is refused for another family", () => {
    expect(() => readParameters({ name: "parameters", family: "redis6.x" })).to.throw(
      "family must be redis7 on the embedded cloud, not redis6.x",
    );
  });
});
