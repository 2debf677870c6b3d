import { createLateWrites } from "@windfire/kit";
import type { Timer } from "@windfire/kit";
import type { AnyRoute, Gate } from "#platform/http";
import { accessStore } from "./access-store.ts";
import { userKind } from "./account-store.ts";
import type { Users } from "./accounts.ts";
import { createAgentAccess } from "./agent-access.ts";
import type { AgentAccess } from "./agent-access.ts";
import { announceEnds } from "./ends.ts";
import { prepareAccounts } from "./first-start.ts";
import { createHandOver } from "./hand-over.ts";
import type { OwnCredentials } from "./own-credentials.ts";
import { passkeyRoutes } from "./routes-passkey.ts";
import { proofRoutes } from "./routes-proof.ts";
import { ownSessionRoutes } from "./routes-own-sessions.ts";
import { sessionRoutes } from "./routes-session.ts";
import { tokenRoutes } from "./routes-token.ts";
import { userRoutes } from "./routes-user.ts";
import { createSessions } from "./sessions.ts";
import type { Sessions } from "./sessions.ts";
import type { SignInNotices } from "./sign-in-notices.ts";
import type { StepUp } from "./step-up.ts";
import { tokenKind, tokenStore } from "./token-store.ts";
import type { Tokens } from "./tokens.ts";
import type { ViewerCommands } from "./viewer-commands.ts";
import { createParts, gateOf } from "./parts.ts";
import type { IdentityDeps } from "./deps.ts";
import { disabledStore } from "./disabled-store.ts";

/** Who calls: users, their sessions and access tokens, and the gate that finds out. */
export interface Identity {
  /** To be called when the dashboard listens: shows the password of an administrator made by this start. */
  tellFirstPassword(): Promise<void>;
  readonly gate: Gate;
  readonly routes: readonly AnyRoute[];
  readonly users: Users;
  readonly agents: AgentAccess;
  readonly sessions: Pick<Sessions, "endByAddress">;
  readonly stepUp: StepUp;
  readonly cascades: SignInNotices["cascades"] & ViewerCommands["cascades"];
  /** For callers outside the route table (MCP): who stands behind the text of an access token. */
  readonly tokens: Pick<Tokens, "authenticate" | "find" | "expiryOf">;
  /** What must not leave with what others get to see. */
  readonly ownCredentials: OwnCredentials;
  readonly stats: IdentityStats;
  /** Begins the regular clean-up. */
  start(): void;
  /** Waits for the writes under way. */
  stop(): Promise<void>;
}

/** Counters since the start, and what is held now. */
export interface IdentityStats {
  /** Guesses turned away unread: too many failures of one session, or newer ones came before them. */
  readonly attemptsRefused: number;
  /** Passwords that wait for their comparison. */
  readonly attemptsWaiting: number;
  /** Times of last use that were not written because too many writes were under way. */
  readonly lateWritesDropped: number;
}

const HOUR_SECONDS = 3_600;
const CLEAN_EVERY_MS = 10 * 60_000;

/** Reads users, makes the first administrator if there is none, and puts the room together. */
export async function createIdentity(deps: IdentityDeps): Promise<Identity> {
  const { clock, config, database, oauth2 } = deps;
  const lateWrites = createLateWrites(deps);
  await accessStore.removeOrphans(database.kysely);
  await disabledStore.removeOrphans(database.kysely);
  const records = { accounts: await database.keep(userKind), tokens: await database.keep(tokenKind) };
  const tellFirstPassword = await prepareAccounts({ ...deps, now: () => clock.now(), accounts: records.accounts });
  const lifeSeconds = config.current.jwtTimeout * HOUR_SECONDS;
  const sessions = await createSessions({ ...deps, lateWrites, lifeSeconds });
  await sessions.collectGarbage();
  announceEnds({ ...records, facts: deps.facts });
  const parts = createParts(deps, { records, sessions, lateWrites, lifeSeconds });
  const { users, tokens } = parts;
  let timer: Timer | undefined;
  return {
    tellFirstPassword,
    gate: gateOf(deps, parts),
    routes: [
      ...sessionRoutes({
        welcome: parts.providerAccounts.welcome,
        signIn: parts.signIn,
        sessions,
        users,
        oauth2,
        stepUp: parts.stepUp,
        realm: parts.realm,
      }),
      ...userRoutes({
        users,
        commands: parts.commands,
        oauth2,
        factors: deps.factors,
        setAccess: parts.viewers.setAccess,
        edit: parts.editUser,
        handOver: createHandOver(deps),
      }),
      ...ownSessionRoutes({ ...deps, ...parts, commands: parts.sessionCommands }),
      ...proofRoutes({ factors: deps.factors, commands: parts.proofCommands, party: parts.party }),
      ...passkeyRoutes({
        ...parts,
        commands: parts.proofCommands,
        passkeys: deps.factors.passkeys,
        siteName: () => config.current.siteName || "Windfire",
      }),
      ...tokenRoutes({
        records: records.tokens,
        uses: parts.uses,
        storedUses: (userId) => tokenStore.usesOf(database.kysely, userId),
        commands: parts.tokenCommands,
      }),
    ],
    users,
    agents: createAgentAccess({ realIpHeader: () => config.current.agentRealIpHeader, users, waf: deps.waf }),
    sessions,
    stepUp: parts.stepUp,
    cascades: { ...parts.viewers.cascades, ...parts.notices.cascades },
    tokens,
    ownCredentials: parts.ownCredentials,
    get stats() {
      return {
        attemptsRefused: parts.throttle.refused + parts.pace.refused + parts.turns.displaced,
        attemptsWaiting: parts.turns.waiting,
        lateWritesDropped: lateWrites.dropped,
      };
    },
    start() {
      timer ??= clock.setInterval(() => lateWrites.begin(() => sessions.collectGarbage()), CLEAN_EVERY_MS).unref();
    },
    async stop() {
      timer?.cancel();
      parts.failed.flush();
      await lateWrites.settled();
    },
  };
}
