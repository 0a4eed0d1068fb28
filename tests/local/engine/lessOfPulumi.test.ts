import "../../../local/engine/lessOfPulumi";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

describe("what of Pulumi is left out", () => {
  it("says so to a program that asks for it", () => {
    expect(() => pulumi.automation.LocalWorkspace).to.throw(
      "@pulumi/pulumi/automation is not there offline or on the embedded cloud: the program asks for its LocalWorkspace",
    );
  });
});
