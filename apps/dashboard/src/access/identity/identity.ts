import { createGuessThrottle } from "#access/protection";
import { createLateWrites, createTurns } from "@windfire/kit";
import type { Clock, RandomBytes, Timer } from "@windfire/kit";
import type { OAuth2 } from "#access/oauth2";
import type { Waf } from "#access/protection";
import type { FactBus } from "#kernel";
import type { Config } from "#platform/config";
import type { Cascade, Database } from "#platform/database";
import type { AnyRoute, Gate, Translate } from "#platform/http";
import type { Passwords } from "#platform/password";
import { createAccountStore } from "./account-store.ts";
import { createAccountDirectory } from "./accounts.ts";
import type { Users } from "./accounts.ts";
import { createAgentAccess } from "./agent-access.ts";
import type { AgentAccess } from "./agent-access.ts";
import { authenticateHeader } from "./authenticate-header.ts";
import { createAuthentication } from "./authentication.ts";
import { createCsrf } from "./csrf.ts";
import { loadAccounts } from "./first-start.ts";
import type { FirstPassword } from "./first-start.ts";
import { createGate } from "./gate.ts";
import { createIdCodec } from "./id-codec.ts";
import { createIdentities } from "./identities.ts";
import { createJwt } from "./jwt.ts";
import { createOwnCredentials } from "./own-credentials.ts";
import type { OwnCredentials } from "./own-credentials.ts";
import { createPasswordCheck } from "./password-check.ts";
import { sessionRoutes } from "./routes-session.ts";
import { tokenRoutes } from "./routes-token.ts";
import { userRoutes } from "./routes-user.ts";
import { createSessions } from "./sessions.ts";
import type { Sessions } from "./sessions.ts";
import { createSignIn } from "./sign-in.ts";
import { createTokens } from "./tokens.ts";
import type { Tokens } from "./tokens.ts";
import { createUserCommands } from "./user-commands.ts";

/** What of the configuration concerns this room. Headers are read when they are needed. */
export interface IdentityConfig {
  readonly current: Pick<
    Config,
    | "agentRealIpHeader"
    | "agentSecretKey"
    | "allowJwtIpChange"
    | "forceAuth"
    | "jwtSecretKey"
    | "jwtTimeout"
    | "siteName"
    | "webRealIpHeader"
  >;
}

export interface IdentityDeps {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly config: IdentityConfig;
  readonly database: Database;
  readonly passwords: Passwords;
  readonly facts: FactBus;
  readonly translate: Translate;
  /** Failures that no answer depends on. */
  readonly onError: (error: unknown) => void;
  readonly waf: Waf;
  readonly oauth2: OAuth2;
  /** `NZ_ADMIN_PASSWORD`. */
  readonly adminPassword: string | undefined;
  /** A session was issued on a request with this `Host`. */
  readonly onSession: (host: string, userId: number) => void;
  readonly showFirstPassword: (first: FirstPassword) => void;
  readonly ownerOfServer: (serverId: number) => number | undefined;
  /** What goes with a user, in this order. Asked when a user is deleted, so that compose may fill the list later. */
  readonly cascades: readonly Cascade[];
  /** Access tokens of one member at most. */
  readonly rowsPerMember: number;
}

/** Who calls: users, their sessions and access tokens, and the gate that finds out. */
export interface Identity {
  /** To be called when the dashboard listens: shows the password of an administrator made by this start. */
  tellFirstPassword(): Promise<void>;
  readonly gate: Gate;
  readonly routes: readonly AnyRoute[];
  readonly users: Users;
  readonly agents: AgentAccess;
  readonly sessions: Pick<Sessions, "endByAddress">;
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
/** Half of the threads that files and name look-ups share with password comparisons. */
const COMPARED_AT_ONCE = 2;
const COMPARISONS_WAITING = 512;
const CLEAN_EVERY_MS = 10 * 60_000;

/** Reads users, makes the first administrator if there is none, and puts the room together. */
export async function createIdentity(deps: IdentityDeps): Promise<Identity> {
  const { clock, config, oauth2 } = deps;
  const parts = createParts(deps);
  const { accounts, commands, sessions, tokens, lateWrites } = parts;
  const tellFirstPassword = await loadAccounts({ ...deps, now: () => clock.now(), accounts, store: parts.store });
  await sessions.collectGarbage();
  let timer: Timer | undefined;
  return {
    tellFirstPassword,
    gate: gateOf(deps, parts),
    routes: [
      ...sessionRoutes({ signIn: parts.signIn, sessions, users: accounts, oauth2, realm: parts.realm }),
      ...userRoutes({ users: accounts, commands, oauth2 }),
      ...tokenRoutes({ now: () => clock.now(), tokens, ownerOfServer: deps.ownerOfServer, rowsPerMember: deps.rowsPerMember }),
    ],
    users: accounts,
    agents: createAgentAccess({ realIpHeader: () => config.current.agentRealIpHeader, users: accounts, waf: deps.waf }),
    sessions,
    tokens,
    ownCredentials: parts.ownCredentials,
    get stats() {
      return {
        attemptsRefused: parts.throttle.refused + parts.turns.displaced,
        attemptsWaiting: parts.turns.waiting,
        lateWritesDropped: lateWrites.dropped,
      };
    },
    start() {
      timer ??= clock.setInterval(() => lateWrites.begin(() => sessions.collectGarbage()), CLEAN_EVERY_MS).unref();
    },
    async stop() {
      timer?.cancel();
      await lateWrites.settled();
    },
  };
}

/** Everything behind the faces of the room. */
function createParts(deps: IdentityDeps) {
  const { clock, config, database, facts, oauth2, random, waf } = deps;
  const now = (): number => clock.now();
  const { agentSecretKey, jwtSecretKey, jwtTimeout, siteName } = config.current;
  const lifeSeconds = jwtTimeout * HOUR_SECONDS;
  const jwt = createJwt(jwtSecretKey);
  const csrf = createCsrf({ key: jwtSecretKey, random });
  const idCodec = createIdCodec(jwtSecretKey);
  const lateWrites = createLateWrites(deps);
  const throttle = createGuessThrottle({ clock });
  const turns = createTurns({ running: COMPARED_AT_ONCE, waiting: COMPARISONS_WAITING });
  const store = createAccountStore(database);
  const check = createPasswordCheck({ ...deps, store });
  const accounts = createAccountDirectory({ globalSecret: agentSecretKey });
  const sessions = createSessions({ clock, random, database, facts, lateWrites, lifeSeconds });
  const tokens = createTokens({ ...deps, users: accounts, lateWrites });
  return {
    ownCredentials: createOwnCredentials({ jwt, csrf, oauth2, tokens, onError: deps.onError }),
    realm: authenticateHeader(siteName),
    csrf,
    throttle,
    turns,
    lateWrites,
    store,
    accounts,
    sessions,
    tokens,
    signIn: createSignIn({ ...deps, now, jwt, csrf, idCodec, sessions, accounts, check, turns, lifeSeconds }),
    commands: createUserCommands({ ...deps, now, accounts, store, sessions, tokens, check, throttle, turns }),
    identities: createIdentities({ clock, jwt, idCodec, sessions, users: accounts, waf, mayMove: () => config.current.allowJwtIpChange }),
  };
}

function gateOf({ config, translate, waf }: IdentityDeps, { identities, tokens, csrf, realm }: ReturnType<typeof createParts>): Gate {
  return createGate({
    realIpHeader: () => config.current.webRealIpHeader,
    forceAuth: config.current.forceAuth,
    authentication: createAuthentication({ identities, tokens, waf, realm }),
    csrf,
    waf,
    translate,
  });
}
