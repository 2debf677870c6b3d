import { createPreparedFiles } from "#platform/database/testing";
import type { Database } from "#platform/database";
import { serverOf } from "./cast.ts";
import type { Cast } from "./cast.ts";

/** When runs begin. */
export const BEGIN = Date.parse("2026-03-10T10:00:00Z");

/** The bytes of a file with what a run begins with. */
export const filledDatabase = createPreparedFiles(BEGIN, (cast: Cast) => cast.owners.join(), fill);

async function fill({ kysely }: Database, cast: Cast): Promise<void> {
  const time = "2025-01-01 00:00:00+00:00";
  for (const [index] of cast.owners.entries()) {
    const { id, name, uuid } = serverOf(cast, index + 1);
    await kysely
      .insertInto("servers")
      .values({ id, name, uuid, user_id: cast.owners[index] ?? 0 })
      .execute();
  }
  const webhook = {
    request_method: 2,
    request_type: 1,
    request_header: "",
    request_body: "#NEZHA#",
    verify_tls: 1,
    format_metric_units: 0,
  };
  for (const { id, ownerId, groupId } of cast.channels) {
    const row = { created_at: time, updated_at: time, user_id: ownerId };
    await kysely
      .insertInto("notifications")
      .values({ ...row, id, name: "c", url: `http://h/${id}`, ...webhook })
      .execute();
    await kysely
      .insertInto("notification_groups")
      .values({ ...row, id: groupId, name: "g" })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await kysely
      .insertInto("notification_group_notifications")
      .values({ ...row, notification_group_id: groupId, notification_id: id })
      .execute();
  }
}
