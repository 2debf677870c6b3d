import { z } from "zod";
import { ids } from "./lists.ts";
import { id } from "./numbers.ts";
import { Group } from "./server-group.ts";
import { name } from "./text.ts";

/** `GET /notification-group` (spec 11 section 7). */
export const NotificationGroup = z
  .object({
    group: Group,
    notifications: z.array(id).nullable().meta({ description: "Empty without members; a Nezha dashboard says null" }),
  })
  .meta({ id: "NotificationGroup" });
export type NotificationGroup = z.output<typeof NotificationGroup>;

/** `POST /notification-group`, `PATCH /notification-group/{id}`. */
export const NotificationGroupForm = z
  .object({ name: name(), notifications: ids.nullable().default(null) })
  .meta({ id: "NotificationGroupForm", examples: [{ name: "ops", notifications: [1, 2] }] });
export type NotificationGroupForm = z.output<typeof NotificationGroupForm>;
export type NotificationGroupFormInput = z.input<typeof NotificationGroupForm>;
