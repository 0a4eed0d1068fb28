/**
 * What bundles have in place of the SDK's search for credentials. Lambda hands them over in the environment; looking for them in
 * files, by signing in and at the machine's own address would be a fifth of an archive.
 */
export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";
