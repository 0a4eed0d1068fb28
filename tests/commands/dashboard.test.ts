import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "chai";
import { runDashboard } from "../../commands/dashboard/run";
import { ofType, programOf } from "../infra/program";

describe("npm run dashboard", () => {
  it("says what it wants", async () => {
    expect(await runDashboard(["--help"])).to.include("Usage: npm run dashboard");
    for (const [args, why] of [
      [[], "--picture is missing"],
      [["--colour", "red"], "Usage: npm run dashboard"],
      [["--picture", "/nonexistent/x.svg"], "There is no folder /nonexistent for the picture"],
      [["--picture", resolve(__dirname, "dashboard.test.ts/x.svg")], "dashboard.test.ts for the picture"],
      [["--picture", __dirname], "is a folder: name a file in it for the picture"],
    ] as const) {
      const error = await runDashboard([...args]).catch((refused: Error) => refused);
      expect(error).to.be.instanceOf(Error).with.property("message").that.includes(why);
    }
  });

  it("drew the README's picture from the dashboard as it is now", async () => {
    const [dashboard] = ofType(await programOf({ stack: "dev" }), "aws:cloudwatch/dashboard:Dashboard");
    const { widgets } = JSON.parse(String(dashboard?.inputs["dashboardBody"])) as {
      widgets: { type: string; properties: { title?: string; yAxis?: { left?: { label?: string } } } }[];
    };
    const svg = readFileSync(resolve(__dirname, "../../docs/dashboard.svg"), "utf8");
    const texts = [...svg.matchAll(/<text[^>]*>([^<]+)</g)].map(([, text]) => text);
    const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    const titles = widgets.flatMap(({ properties: { title } }) => (title === undefined ? [] : [escaped(title)]));
    expect(texts).to.include.members(titles);
    const drawn = texts.filter((text) => titles.includes(text ?? ""));
    expect(drawn).to.have.length(titles.length);
    expect(svg.match(/<rect[^>]*rx="6"/g)).to.have.length(titles.length);
  });
});
