import { z } from "zod";
import { ids } from "./lists.ts";
import { id } from "./numbers.ts";
import { name, time } from "./text.ts";

export const Group = z.object({ id, created_at: time, updated_at: time, name: z.string() }).meta({ id: "Group" });
export type Group = z.output<typeof Group>;

/** `GET /server-group` (spec 11 section 2). */
export const ServerGroup = z
  .object({
    group: Group,
    servers: z.array(id).nullable().meta({ description: "Empty without members; a Nezha dashboard says null" }),
  })
  .meta({ id: "ServerGroup" });
export type ServerGroup = z.output<typeof ServerGroup>;

/** `POST /server-group`, `PATCH /server-group/{id}`. */
export const ServerGroupForm = z
  .object({ name: name(), servers: ids.nullable().default(null) })
  .meta({ id: "ServerGroupForm", examples: [{ name: "Asia", servers: [1, 3] }] });
export type ServerGroupForm = z.output<typeof ServerGroupForm>;
export type ServerGroupFormInput = z.input<typeof ServerGroupForm>;
