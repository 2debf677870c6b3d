import type { Clock, RandomBytes } from "@windfire/kit";
import type { FactorRoom } from "#access/factors";
import type { OAuth2 } from "#access/oauth2";
import type { Waf } from "#access/protection";
import type { FactBus } from "#kernel";
import type { AuditLog } from "#platform/audit";
import type { ShareCount } from "#platform/bus";
import type { Config } from "#platform/config";
import type { Cascade, Database } from "#platform/database";
import type { Translate } from "#platform/http";
import type { Passwords } from "#platform/password";
import type { FirstPassword } from "./first-start.ts";
import type { GateDeps } from "./gate.ts";
import type { HandOverDeps } from "./hand-over.ts";
import type { SignInNoticeDeps, TellGroup } from "./sign-in-notices.ts";
import type { RoleChangeDeps } from "./role-change.ts";
import type { ViewerCommandDeps } from "./viewer-commands.ts";

/** What of the configuration concerns this room. Headers are read when they are needed. */
export interface IdentityConfig {
  readonly current: Pick<
    Config,
    | "agentRealIpHeader"
    | "agentSecretKey"
    | "dashboardHost"
    | "allowJwtIpChange"
    | "forceAuth"
    | "jwtSecretKey"
    | "jwtTimeout"
    | "siteName"
    | "stepUp"
    | "webRealIpHeader"
  >;
}

export interface IdentityDeps {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly config: IdentityConfig;
  readonly database: Database;
  readonly audit: Pick<AuditLog, "write">;
  readonly passwords: Passwords;
  readonly facts: FactBus;
  readonly translate: Translate;
  /** Failures that no answer depends on. */
  readonly onError: (error: unknown) => void;
  readonly waf: Waf;
  /** With whom the pace of guesses is shared; nobody unless told. */
  readonly share?: ShareCount;
  readonly oauth2: OAuth2;
  readonly shared: GateDeps["shared"];
  readonly factors: FactorRoom;
  /** `NZ_ADMIN_PASSWORD`. */
  readonly adminPassword: string | undefined;
  /** A session was issued on a request with this `Host`. */
  readonly onSession: (host: string, userId: number) => void;
  readonly showFirstPassword: (first: FirstPassword) => void;
  /** A message to a group of channels, by way of the outbox. */
  readonly tellGroup: TellGroup;
  readonly notificationGroupOwner: SignInNoticeDeps["notificationGroupOwner"];
  /** Lower-case country code of an address, "" when none is known. */
  readonly countryOf: (ip: string) => Promise<string>;
  readonly ownerOfServer: ViewerCommandDeps["ownerOfServer"];
  readonly serversOfGroup: ViewerCommandDeps["serversOfGroup"];
  readonly rowsOf: ViewerCommandDeps["rowsOf"];
  readonly rows: HandOverDeps["rows"];
  /** What goes with a user, in this order. Asked when a user is deleted, so that compose may fill the list later. */
  readonly cascades: readonly Cascade[];
  readonly demotedCascades: RoleChangeDeps["demotedCascades"];
  /** Access tokens of one member at most. */
  readonly rowsPerMember: number;
}
