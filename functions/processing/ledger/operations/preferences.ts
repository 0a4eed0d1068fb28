import * as v from "valibot";
import { defineOperation } from "../../http/operation";
import { kinds } from "../../notices/kind";
import { version } from "./parts";

const flag = v.boolean("must be true or false");
const [fileProcessed, transactionsDeleted, accountDeleted] = kinds;

export const preferencesView = v.object({
  tell: v.object({ [fileProcessed]: flag, [transactionsDeleted]: flag, [accountDeleted]: flag }),
  version: v.pipe(v.number(), v.integer(), v.description("0 where nothing has been said yet")),
});

export const getPreferences = defineOperation({
  id: "getNotificationPreferences",
  route: "GET /notification-preferences",
  summary: "Of what you are told",
  answer: { status: 200, description: "By kind of event, whether you are told of it", schema: preferencesView },
});

export const putPreferences = defineOperation({
  id: "putNotificationPreferences",
  route: "PUT /notification-preferences",
  summary: "Say of what you want to be told; of what you leave out, you are",
  body: v.strictObject({
    tell: v.strictObject({
      [fileProcessed]: v.optional(flag),
      [transactionsDeleted]: v.optional(flag),
      [accountDeleted]: v.optional(flag),
    }),
    version,
  }),
  versioned: true,
  answer: { status: 200, description: "By kind of event, whether you are told of it", schema: preferencesView },
});
