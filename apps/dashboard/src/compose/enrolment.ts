import { createEnrolment } from "#features/enrolment";
import type { Enrolment } from "#features/enrolment";
import { serverStore } from "#features/servers";
import type { Foundation } from "./foundation.ts";
import { isUserRow } from "./reach.ts";
import type { Later, Some } from "./rooms.ts";

/** Hosts with credentials of their own. When these alone count, whoever is connected signs in anew. */
export async function composeEnrolment(
  base: Foundation,
  { fleet, servers }: Some<"fleet" | "servers">,
  later: Later<"transfers">,
): Promise<Enrolment> {
  const { audit, clock, config, database, facts, now, random, share } = base;
  facts.subscribe("setting.updated", ({ keys }) => {
    if (keys.includes("enrolmentOnly") && config.current.enrolmentOnly) fleet.cut(servers.directory.list().map(({ id }) => id));
  });
  return createEnrolment({
    clock,
    share,
    now,
    random,
    database,
    audit,
    isOwner: isUserRow,
    findGroup: servers.findGroup,
    admit: servers.admit,
    findServer: serverStore.find,
    server: (id) => servers.directory.get(id)?.settings,
    endOtherCredentials: (tx, serverIds, changes) => later().transfers.cascades.credentials(tx, serverIds, changes),
    cut: fleet.cut,
  });
}
