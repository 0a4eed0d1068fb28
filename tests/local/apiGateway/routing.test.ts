import { expect } from "chai";
import { matchRoute, readRouteKey } from "../../../local/apiGateway/request/routing";

const routesOf = (...keys: string[]) => keys.map((key) => ({ key, pattern: readRouteKey(key) }));

describe("routes of an HTTP API", () => {
  const routes = routesOf(
    "$default",
    "ANY /{proxy+}",
    "GET /pets/{proxy+}",
    "GET /pets/dog/{id}",
    "GET /pets/dog/1",
    "ANY /pets/dog/{id}",
    "POST /pets/{kind}",
    "GET /",
  );

  const chosen = (method: string, path: string) => {
    const match = matchRoute(routes, method, path);
    return match && [match.route.key, match.variables];
  };

  it("are chosen by how specific they are: the path in full, then variables, then what is greedy, then the default", () => {
    expect(chosen("GET", "/pets/dog/1")).to.deep.equal(["GET /pets/dog/1", {}]);
    expect(chosen("GET", "/pets/dog/2")).to.deep.equal(["GET /pets/dog/{id}", { id: "2" }]);
    expect(chosen("PUT", "/pets/dog/2")).to.deep.equal(["ANY /pets/dog/{id}", { id: "2" }]);
    expect(chosen("GET", "/pets/cat/1")).to.deep.equal(["GET /pets/{proxy+}", { proxy: "cat/1" }]);
    expect(chosen("POST", "/pets/cat")).to.deep.equal(["POST /pets/{kind}", { kind: "cat" }]);
    expect(chosen("POST", "/other/5")).to.deep.equal(["ANY /{proxy+}", { proxy: "other/5" }]);
    expect(chosen("GET", "/")).to.deep.equal(["GET /", {}]);
    expect(chosen("POST", "/")).to.deep.equal(["$default", {}]);
  });

  it("do not take an empty variable, nor a longer or a shorter path", () => {
    const few = routesOf("GET /accounts/{id}", "GET /accounts");
    const key = (path: string) => matchRoute(few, "GET", path)?.route.key;
    expect(key("/accounts/")).to.equal(undefined);
    expect(key("/accounts/1/2")).to.equal(undefined);
    expect(key("/accounts")).to.equal("GET /accounts");
    expect(matchRoute(few, "POST", "/accounts")).to.equal(undefined);
  });

  it("decode their variables, once the path has been taken apart", () => {
    const [match] = [matchRoute(routesOf("GET /files/{name}"), "GET", "/files/a%2Fb%20c")];
    expect(match?.variables).to.deep.equal({ name: "a/b c" });
    expect(matchRoute(routesOf("GET /files/{name}"), "GET", "/files/%zz")?.variables).to.deep.equal({ name: "%zz" });
  });

  it("are refused where their key is none", () => {
    for (const key of ["GET accounts", "FETCH /a", "GET /{a+}/b", "GET /a{b}", "GET /{a", "/a"])
      expect(readRouteKey(key), key).to.equal(undefined);
  });
});
