import type { Rooms } from "./rooms.ts";

interface Watched {
  readonly servers: { readonly directory: Pick<Rooms["servers"]["directory"], "subscribe"> };
  readonly services?: { readonly services: Pick<Rooms["services"]["services"], "subscribe"> };
}

interface Seen {
  readonly name: string;
  readonly publicNote?: string;
  readonly hideForGuest: boolean;
}

/**
 * A number that grows when guests must no longer see what they saw: a server or service was hidden, deleted, or is called otherwise. What
 * is kept of pages and frames holds for one number alone; whatever comes anew may come a beat later.
 */
export function guestRevision({ servers, services }: Watched): () => number {
  let revision = 0;
  const look = ({ before, after }: { readonly before?: Seen | undefined; readonly after?: Seen | undefined }): void => {
    if (before === undefined || before.hideForGuest) return;
    const stays = after?.hideForGuest === false && after.name === before.name && after.publicNote === before.publicNote;
    if (!stays) revision++;
  };
  servers.directory.subscribe(look);
  services?.services.subscribe({ changed: look, reloaded: () => void revision++ });
  return () => revision;
}
