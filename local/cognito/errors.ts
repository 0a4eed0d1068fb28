import { AwsError } from "../cloud/awsError";

export const notAuthorized = (message: string) => new AwsError("NotAuthorizedException", message);

/** The same for a wrong password and, where the client wants it so, for a user that there is not. */
export const wrongPassword = () => notAuthorized("Incorrect username or password.");

export const userNotFound = () => new AwsError("UserNotFoundException", "User does not exist.");

export const invalidParameter = (message: string) => new AwsError("InvalidParameterException", message);

export const missing = (name: string) => invalidParameter(`Missing required parameter ${name}`);

export const poolNotFound = (id: string) =>
  new AwsError("ResourceNotFoundException", `User pool ${id} does not exist.`);

export const clientNotFound = (id: string) =>
  new AwsError("ResourceNotFoundException", `User pool client ${id} does not exist.`);
