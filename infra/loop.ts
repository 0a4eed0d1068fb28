import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Lambda } from "./lambda";

/** Lambda takes a function for a loop that messages of its own have called 16 times. Here that is how it waits, or goes on. */
export const allowLoop = (label: string, lambda: Lambda, parent: pulumi.Resource): aws.lambda.FunctionRecursionConfig =>
  new aws.lambda.FunctionRecursionConfig(
    label,
    { functionName: lambda.function.name, recursiveLoop: "Allow" },
    { parent },
  );
