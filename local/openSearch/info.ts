import { account } from "../cloud/cloud";
import { clusterNeeds, type DomainOperations, type Parts } from "./operation";
import { Answer } from "./wire/protocol";

/** What a domain says of itself. */
export const infoOperations = ({ cluster }: Parts, name: string, version: string): DomainOperations => {
  const clusterName = `${account}:${name}`;
  const needs = clusterNeeds("cluster:monitor/main");
  return {
    ping: { needs, run: () => new Answer(200) },
    info: {
      needs,
      run: () => ({
        name: "embedded",
        cluster_name: clusterName,
        cluster_uuid: "embedded",
        version: {
          distribution: "opensearch",
          number: version,
          build_type: "embedded",
          minimum_wire_compatibility_version: "7.10.0",
          minimum_index_compatibility_version: "7.0.0",
        },
        tagline: "The OpenSearch Project: https://opensearch.org/",
      }),
    },
    "cluster.health": {
      needs: clusterNeeds("cluster:monitor/health"),
      run: () => {
        const shards = cluster.all().length;
        return {
          cluster_name: clusterName,
          status: "green",
          timed_out: false,
          number_of_nodes: 1,
          number_of_data_nodes: 1,
          active_primary_shards: shards,
          active_shards: shards,
          unassigned_shards: 0,
          active_shards_percent_as_number: 100,
        };
      },
    },
  };
};
