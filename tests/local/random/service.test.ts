import { expect } from "chai";
import { createRandom } from "../../../local/random/service";
import { startTestCloud, type TestCloud } from "../cloud";

const type = "random:index/randomPassword:RandomPassword";

describe("random passwords on the embedded cloud", () => {
  let world: TestCloud;
  before(async () => {
    world = await startTestCloud((cloud) => [createRandom(cloud)]);
  });
  after(() => world.close());

  const make = async (inputs: Record<string, unknown>): Promise<string> =>
    String((await world.declare(type, "token", inputs)).outputs["result"]);

  it("have the length and the kinds of characters that are asked for, and are never the same", async () => {
    const asked = { length: 16, special: false, minLower: 5, minUpper: 5, minNumeric: 6 };
    const made = await Promise.all(Array.from({ length: 50 }, () => make(asked)));
    for (const password of made) {
      expect(password).to.match(/^[A-Za-z0-9]{16}$/);
      expect([/[a-z]/g, /[A-Z]/g, /[0-9]/g].map((kind) => password.match(kind)?.length)).to.deep.equal([5, 5, 6]);
    }
    expect(new Set(made).size).to.equal(50);
    expect(await make({ length: 200, lower: false, upper: false, numeric: false })).to.match(/^[^A-Za-z0-9]{200}$/);
    await world.reset();
  });

  it("are refused where what is asked for cannot be, or is not known here", async () => {
    const reason = (inputs: Record<string, unknown>) => make(inputs).catch((error: Error) => error.message);
    const fits = `${type} token: length and kinds of characters do not fit each other`;
    expect(await reason({ length: 3, minLower: 4 })).to.equal(fits);
    expect(await reason({ length: 0 })).to.equal(fits);
    expect(await reason({ length: 8, lower: false, upper: false, numeric: false, special: false })).to.equal(fits);
    expect(await reason({ length: 8, overrideSpecial: "!" })).to.include("overrideSpecial is not supported");
  });
});
