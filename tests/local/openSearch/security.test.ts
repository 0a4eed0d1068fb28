import { expect } from "chai";
import { patched } from "../../../local/openSearch/security/patch";
import { refused, type SearchWorld, startSearchWorld } from "./world";

const role = {
  cluster_permissions: ["cluster_monitor"],
  index_permissions: [{ index_patterns: ["a*"], allowed_actions: ["read"] }],
};

describe("the security API of a search domain", () => {
  let world: SearchWorld;
  before(async () => {
    world = await startSearchWorld();
  });
  after(() => world.close());

  const call = (method: string, name: string, body?: unknown) =>
    world.search.transport.request({
      method,
      path: `/_plugins/_security/api/${name}`,
      ...(body !== undefined && { body: body as never }),
    });
  const told = async (method: string, name: string, body?: unknown) => {
    const answer = await call(method, name, body);
    return [answer.statusCode, answer.body] as const;
  };

  it("makes, shows, changes and deletes roles", async () => {
    expect(await told("PUT", "roles/readers", role)).to.deep.equal([
      201,
      { status: "CREATED", message: "'readers' created." },
    ]);
    expect(await told("PUT", "roles/readers", role)).to.deep.equal([
      200,
      { status: "OK", message: "'readers' updated." },
    ]);
    const shown = (await world.search.security.getRole({ role: "readers" })).body["readers"];
    expect(shown).to.deep.equal({ ...role, tenant_permissions: [], reserved: false, hidden: false, static: false });
    const patch = [{ op: "replace", path: "/cluster_permissions", value: ["cluster_all"] }];
    await world.search.security.patchRole({ role: "readers", body: patch });
    const change = [{ op: "add", path: "/writers", value: role }];
    await world.search.security.patchRoles({ body: change });
    const { body: all } = await world.search.security.getRoles();
    expect(all["readers"]?.cluster_permissions).to.deep.equal(["cluster_all"]);
    expect(Object.keys(all)).to.have.members(["all_access", "readall", "readers", "writers"]);
    await world.search.security.patchRoles({ body: [{ op: "remove", path: "/writers" }] });
    expect(await told("DELETE", "roles/readers")).to.deep.equal([200, { status: "OK", message: "'readers' deleted." }]);
    expect((await refused(call("GET", "roles/readers"))).body).to.deep.equal({
      status: "NOT_FOUND",
      message: "Resource 'readers' not found.",
    });
    expect((await refused(call("DELETE", "roles/readers"))).body).to.have.property("status", "NOT_FOUND");
    expect((await refused(call("PATCH", "roles/readers", patch))).body).to.have.property("status", "NOT_FOUND");
  });

  it("maps callers to roles that are there, and lets the mapped administer", async () => {
    const arn = "arn:aws:iam::123456789012:role/helper";
    const helper = world.asDomainRole("helper");
    expect((await refused(call("PUT", "rolesmapping/nobody", { users: [] }))).body).to.deep.equal({
      status: "NOT_FOUND",
      message: "role 'nobody' not found.",
    });
    expect((await refused(helper.security.getRoleMappings())).body).to.deep.equal({
      status: "FORBIDDEN",
      message: `No permission to access REST API: User ${arn} with Security roles [] does not have any role privileged for admin access. No client TLS certificate found in request`,
    });
    await world.search.security.createRoleMapping({ role: "all_access", body: { and_backend_roles: [arn] } });
    expect((await helper.security.getRoleMapping({ role: "all_access" })).body["all_access"]).to.deep.equal({
      reserved: false,
      hidden: false,
      hosts: [],
      users: [],
      backend_roles: [],
      and_backend_roles: [arn],
    });
    await call("PATCH", "rolesmapping/all_access", [{ op: "add", path: "/users", value: ["someone"] }]);
    expect((await helper.security.getRoleMappings()).body["all_access"]?.users).to.deep.equal(["someone"]);
    await helper.security.patchRoleMappings({ body: [{ op: "remove", path: "/all_access" }] });
    expect((await refused(helper.security.getRoles())).status).to.equal(403);
  });

  it("keeps its own roles, and refuses what is no role", async () => {
    expect((await refused(call("PUT", "roles/all_access", role))).body).to.deep.equal({
      status: "FORBIDDEN",
      message: "Resource 'all_access' is reserved.",
    });
    expect((await refused(call("PATCH", "roles", [{ op: "remove", path: "/readall" }]))).status).to.equal(403);
    const refusals: [unknown, string][] = [
      [{ permissions: [] }, "keys that are not known: permissions"],
      [{ cluster_permissions: "all" }, "expected an array of strings: cluster_permissions"],
      [{ index_permissions: "all" }, "expected an array: index_permissions"],
      [{ index_permissions: ["all"] }, "expected objects: index_permissions"],
      [{ index_permissions: [{ index_patterns: ["a"], dls: "{}" }] }, "does not support [dls] of a role"],
      [{ tenant_permissions: [{}] }, "does not support [tenant_permissions] of a role"],
    ];
    for (const [body, reason] of refusals) {
      const answer = (await refused(call("PUT", "roles/odd", body))).body as { reason?: string };
      expect(answer.reason).to.include(reason);
    }
    expect((await refused(call("PUT", "roles/odd", "text"))).body).to.have.property("status", "BAD_REQUEST");
    expect((await refused(call("PATCH", "roles", []))).body).to.have.property("message", "Wrong request body");
    const mapping = (await refused(call("PUT", "rolesmapping/readall", { hosts: ["*"] }))).body as { reason?: string };
    expect(mapping.reason).to.include("does not support [hosts] of a role");
  });

  it("is not there without fine-grained access, where all may do all", async () => {
    const open = await startSearchWorld({ domain: { advancedSecurityOptions: { enabled: false } } });
    const anyone = open.asDomainRole("anyone");
    await anyone.indices.create({ index: "a", body: { mappings: { dynamic: "strict" } } });
    expect((await refused(anyone.security.getRoles())).reason).to.include(
      "the security API without fine-grained access",
    );
    await open.close();
  });

  it("patches as JSON patches say", () => {
    const value = { a: [1, 2], "b/c": { d: 1 } };
    expect(patched(value, [{ op: "add", path: "/a/0", value: 0 }])).to.deep.equal({ ...value, a: [0, 1, 2] });
    expect(patched(value, [{ op: "add", path: "/a/-", value: 3 }])).to.deep.equal({ ...value, a: [1, 2, 3] });
    expect(patched(value, [{ op: "remove", path: "/a/1" }])).to.deep.equal({ ...value, a: [1] });
    expect(patched(value, [{ op: "remove", path: "/b~1c" }])).to.deep.equal({ a: [1, 2] });
    expect(patched(value, [{ op: "replace", path: "/b~1c/d", value: 2 }])).to.deep.equal({ ...value, "b/c": { d: 2 } });
    expect(patched(value, [{ op: "replace", path: "/x", value: 2 }])).to.include("nothing at /x");
    expect(patched(value, [{ op: "remove", path: "/x/y" }])).to.include("nothing at /x/y");
    expect(patched(value, [{ op: "move", path: "/x" }])).to.include("Unsupported patch operation: move");
  });
});
