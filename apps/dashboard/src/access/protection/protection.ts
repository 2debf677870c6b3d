import { createLateWrites } from "@windfire/kit";
import type { Clock, Timer } from "@windfire/kit";
import type { FactBus } from "#kernel";
import type { Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { createAddressCommands } from "./address-commands.ts";
import type { AddressCommandDeps } from "./address-commands.ts";
import { createLiveConnections } from "./live-connections.ts";
import type { LiveConnections } from "./live-connections.ts";
import { createOnlineUsers } from "./online.ts";
import type { OnlineList, OnlineUsers } from "./online.ts";
import { protectionRoutes } from "./routes.ts";
import { createWaf } from "./waf.ts";
import type { Waf } from "./waf.ts";

export interface ProtectionDeps {
  readonly clock: Clock;
  readonly database: Pick<Database, "change" | "follow" | "kysely">;
  readonly audit: AddressCommandDeps["audit"];
  readonly facts: FactBus;
  /** Failures that no answer depends on. */
  readonly onError: (error: unknown) => void;
  /** When an access token expires, in Unix milliseconds; `undefined`: never. */
  readonly tokenExpiry: (tokenId: number) => number | undefined;
  readonly endSessionsAt: AddressCommandDeps["endSessionsAt"];
  /** Who looks at all servers through other dashboards; nobody unless told. */
  readonly onlineElsewhere?: (most: number) => Promise<readonly OnlineList[]>;
  /** Rows of one page at most. */
  readonly pageSize: number;
}

/** Keeps out who guesses, and closes what is open when its right is over. */
export interface Protection {
  readonly waf: Waf;
  readonly online: OnlineUsers;
  readonly liveConnections: LiveConnections;
  readonly routes: readonly AnyRoute[];
  /** Begins the regular clean-up. */
  start(): void;
  /** Waits for the writes under way. */
  stop(): Promise<void>;
}

const CLEAN_EVERY_MS = 10 * 60_000;

/** Reads the blocked addresses. They stay as they were found: whoever opens an existing directory finds its list again. */
export async function createProtection(deps: ProtectionDeps): Promise<Protection> {
  const { clock, facts } = deps;
  const lateWrites = createLateWrites(deps);
  const waf = await createWaf({ ...deps, onBlocked: (ip) => facts.publish("address.blocked", { ips: [ip] }) });
  const online = createOnlineUsers({ clock });
  const liveConnections = createLiveConnections(deps);
  let timer: Timer | undefined;
  return {
    waf,
    online,
    liveConnections,
    routes: protectionRoutes({
      waf,
      online,
      onlineElsewhere: deps.onlineElsewhere ?? (() => Promise.resolve([])),
      commands: createAddressCommands({ ...deps, waf }),
      pageSize: deps.pageSize,
    }),
    start() {
      timer ??= clock.setInterval(() => lateWrites.begin(() => waf.age()), CLEAN_EVERY_MS).unref();
    },
    async stop() {
      timer?.cancel();
      liveConnections.stop();
      await lateWrites.settled();
    },
  };
}
