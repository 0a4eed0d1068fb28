import { AwsError, unsupported } from "../../cloud/awsError";
import type { Access, Cloud } from "../../cloud/cloud";
import type { Operation } from "../../cloud/service";
import { checkPassword, hashPassword, newPassword } from "../password";
import { type Pool, poolArn, type User } from "../pool";
import type { Pools } from "../pools";
import { attributeList, attributesIn, type Input, textIn } from "./input";

const seconds = (ms: number): number => ms / 1_000;
const dayMs = 86_400_000;

const describeUser = ({ username, attributes, status, enabled, createdAt, modifiedAt }: User) => ({
  Username: username,
  UserCreateDate: seconds(createdAt),
  UserLastModifiedDate: seconds(modifiedAt),
  Enabled: enabled,
  UserStatus: status,
  attributes: attributeList(attributes),
});

const asListed = ({ attributes, ...user }: ReturnType<typeof describeUser>) => ({ ...user, Attributes: attributes });
const asAsked = ({ attributes, ...user }: ReturnType<typeof describeUser>) => ({ ...user, UserAttributes: attributes });

const username = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u;

/** What whoever runs a pool does with its users. */
export const userOperations = (cloud: Cloud, pools: Pools): Record<string, Operation> => {
  const operation = (name: string, run: (pool: Pool, input: Input) => unknown): [string, Operation] => [
    name,
    {
      access: (input: Input): Access => ({
        action: `cognito-idp:${name}`,
        resource: poolArn(pools.get(textIn(input, "UserPoolId")).id),
      }),
      run: (input: Input) => run(pools.get(textIn(input, "UserPoolId")), input),
    },
  ];

  const change = (pool: Pool, name: string, changes: Partial<User>): void => {
    pool.put({ ...pool.get(name), ...changes, modifiedAt: cloud.clock.now() });
  };

  const create = (pool: Pool, input: Input) => {
    const name = textIn(input, "Username");
    if (!username.test(name)) {
      throw new AwsError(
        "InvalidParameterException",
        `1 validation error detected: Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+`,
      );
    }
    if (pool.find(name)) throw new AwsError("UsernameExistsException", "User account already exists");
    const { passwords, caseSensitive } = pool.settings;
    const given = input["TemporaryPassword"];
    const password = typeof given === "string" ? given : newPassword(passwords);
    checkPassword(password, passwords);
    const now = cloud.clock.now();
    const user: User = {
      username: caseSensitive ? name : name.toLowerCase(),
      attributes: { ...attributesIn(input["UserAttributes"]), sub: cloud.newId() },
      status: "FORCE_CHANGE_PASSWORD",
      enabled: true,
      password: hashPassword(password),
      temporaryUntil: now + passwords.temporaryDays * dayMs,
      createdAt: now,
      modifiedAt: now,
    };
    pool.put(user);
    return { User: asListed(describeUser(user)) };
  };

  const setPassword = (pool: Pool, input: Input) => {
    const password = textIn(input, "Password");
    checkPassword(password, pool.settings.passwords);
    const permanent = input["Permanent"] === true;
    change(pool, textIn(input, "Username"), {
      password: hashPassword(password),
      status: permanent ? "CONFIRMED" : "FORCE_CHANGE_PASSWORD",
      ...(!permanent && { temporaryUntil: cloud.clock.now() + pool.settings.passwords.temporaryDays * dayMs }),
    });
    return {};
  };

  const listed: [string, Operation] = [
    "ListUserPools",
    {
      access: () => ({ action: "cognito-idp:ListUserPools", resource: "*" }),
      run: (input: Input) => {
        const found = pools.all().map(({ id, settings }) => ({ Id: id, Name: settings.name }));
        if (Number(input["MaxResults"]) < found.length) throw unsupported("pages of cognito-idp:ListUserPools");
        return { UserPools: found };
      },
    },
  ];

  return Object.fromEntries([
    listed,
    operation("AdminCreateUser", create),
    operation("AdminSetUserPassword", setPassword),
    operation("AdminGetUser", (pool, input) => asAsked(describeUser(pool.get(textIn(input, "Username"))))),
    operation("AdminDeleteUser", (pool, input) => {
      pool.remove(pool.get(textIn(input, "Username")).username);
      return {};
    }),
    operation("AdminDisableUser", (pool, input) => {
      change(pool, textIn(input, "Username"), { enabled: false });
      return {};
    }),
    operation("AdminEnableUser", (pool, input) => {
      change(pool, textIn(input, "Username"), { enabled: true });
      return {};
    }),
    operation("ListUsers", (pool) => ({ Users: pool.users().map((user) => asListed(describeUser(user))) })),
    operation("ListUserPoolClients", (pool) => ({
      UserPoolClients: [...pool.clients.values()].map(({ id, name }) => ({
        ClientId: id,
        UserPoolId: pool.id,
        ClientName: name,
      })),
    })),
    operation("DescribeUserPool", ({ id, settings }) => ({
      UserPool: { Id: id, Name: settings.name, Arn: poolArn(id), EstimatedNumberOfUsers: pools.get(id).users().length },
    })),
  ]);
};
