import type { Cascade } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { createDdnsCommands } from "./commands.ts";
import type { DdnsCommandDeps } from "./commands.ts";
import { createDdnsDirectory } from "./directory.ts";
import type { DdnsDirectory } from "./directory.ts";
import { ddnsRoutes } from "./routes.ts";
import { createDdnsStore } from "./store.ts";

export type { DdnsDirectory } from "./directory.ts";
export type { DdnsProfile } from "./model.ts";

export type DdnsDeps = Omit<DdnsCommandDeps, "store" | "profiles">;

export interface Ddns {
  readonly routes: readonly AnyRoute[];
  readonly cascades: { readonly users: Cascade };
  readonly profiles: Pick<DdnsDirectory, "get" | "list">;
}

/** Loads all profiles and puts the room together. */
export async function createDdns(deps: DdnsDeps): Promise<Ddns> {
  const store = createDdnsStore(deps.database);
  const profiles = createDdnsDirectory(await store.all());
  const commands = createDdnsCommands({ ...deps, store, profiles });
  return { profiles, routes: ddnsRoutes(commands), cascades: { users: commands.deleteOfUsers } };
}
