import type { Foundation } from "./foundation.ts";
import type { Some } from "./rooms.ts";

/**
 * Lets go of the history of rows that another dashboard has deleted: it deletes what is stored, and what waits here would come after.
 */
export function letGoOfDeleted({ history }: Pick<Foundation, "history">, { servers, services }: Some<"servers" | "services">): void {
  servers.directory.subscribe(({ id, after }) => {
    if (after === undefined) history.letGo("server", id);
  });
  services.services.subscribe({
    changed: ({ key, after }) => {
      if (after === undefined) history.letGo("service", key);
    },
    reloaded: () => undefined,
  });
}
