/** What OpenSearch's own action groups stand for: actions, and other groups. */
const groups: Readonly<Record<string, readonly string[]>> = {
  unlimited: ["*"],
  cluster_all: ["cluster:*"],
  cluster_monitor: ["cluster:monitor/*"],
  cluster_composite_ops: [
    "indices:data/write/bulk",
    "indices:admin/aliases*",
    "indices:data/write/reindex",
    "cluster_composite_ops_ro",
  ],
  cluster_composite_ops_ro: [
    "indices:data/read/mget",
    "indices:data/read/msearch",
    "indices:data/read/mtv",
    "indices:admin/aliases/exists*",
    "indices:admin/aliases/get*",
    "indices:data/read/scroll",
    "indices:admin/resolve/index",
  ],
  indices_all: ["indices:*"],
  indices_monitor: ["indices:monitor/*"],
  manage: ["indices:monitor/*", "indices:admin/*"],
  manage_aliases: ["indices:admin/aliases*"],
  create_index: ["indices:admin/create", "indices:admin/mapping/put"],
  data_access: ["indices:data/*", "crud"],
  crud: ["read", "write"],
  read: ["indices:data/read*", "indices:admin/mappings/fields/get*", "indices:admin/resolve/index"],
  write: ["indices:data/write*", "indices:admin/mapping/put"],
  get: ["indices:data/read/get*", "indices:data/read/mget*"],
  search: ["indices:data/read/search*", "indices:data/read/msearch*", "indices:admin/resolve/index", "suggest"],
  suggest: ["indices:data/read/suggest*"],
  index: [
    "indices:data/write/index*",
    "indices:data/write/update*",
    "indices:admin/mapping/put",
    "indices:data/write/bulk*",
  ],
  delete: ["indices:data/write/delete*"],
};

/** The patterns of actions that a list of actions and groups allows. */
export const expandActions = (names: readonly string[]): string[] =>
  names.flatMap((name) => {
    const group = groups[name];
    return group ? expandActions(group) : [name];
  });
