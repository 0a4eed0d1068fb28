import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules";

/** For `pulumi preview --policy-pack infra/policy`: refuses a deployment with the name of what is wrong in it. */
new PolicyPack("signal9", {
  policies: rules.map(({ name, description, judge }) => ({
    name,
    description,
    enforcementLevel: "mandatory",
    validateStack: ({ resources }, reportViolation) => {
      const judged = resources.map((one) => ({ type: one.type, name: one.name, props: one.props }));
      for (const { resource, message } of judge(judged)) reportViolation(`${resource} ${message}`);
    },
  })),
});
