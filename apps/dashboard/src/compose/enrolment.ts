import { createEnrolment } from "#features/enrolment";
import type { Enrolment } from "#features/enrolment";
import type { Fleet } from "#features/fleet";
import { serverStore } from "#features/servers";
import type { Servers } from "#features/servers";
import type { Foundation } from "./foundation.ts";
import { isUserRow } from "./reach.ts";

/** Hosts with credentials of their own. When these alone count, whoever is connected signs in anew. */
export async function composeEnrolment(base: Foundation, servers: Servers, fleet: Fleet): Promise<Enrolment> {
  const { config, facts } = base;
  facts.subscribe("setting.updated", ({ keys }) => {
    if (keys.includes("enrolmentOnly") && config.current.enrolmentOnly) fleet.cut(servers.directory.list().map(({ id }) => id));
  });
  return createEnrolment({
    ...base,
    isOwner: isUserRow,
    admit: servers.admit,
    findGroup: servers.findGroup,
    findServer: serverStore.find,
    server: (id) => servers.directory.get(id)?.settings,
    cut: fleet.cut,
  });
}
