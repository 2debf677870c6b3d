import type { Clock, Timer } from "@windfire/kit";
import type { FactBus } from "#kernel";
import type { Config, ConfigStore } from "#platform/config";
import type { Cascade, Database } from "#platform/database";
import type { AnyRoute, Gate, Translate } from "#platform/http";
import { createAccountStore } from "./account-store.ts";
import { createAccountDirectory } from "./accounts.ts";
import type { Users } from "./accounts.ts";
import { createAgentAccess } from "./agent-access.ts";
import type { AgentAccess } from "./agent-access.ts";
import { authenticateHeader } from "./authenticate-header.ts";
import { createCsrf } from "./csrf.ts";
import { loadAccounts } from "./first-start.ts";
import type { FirstPassword } from "./first-start.ts";
import { createAuthentication } from "./authentication.ts";
import { createGate } from "./gate.ts";
import { createGuessThrottle } from "./guess-throttle.ts";
import { createIdCodec } from "./id-codec.ts";
import { createIdentities } from "./identity.ts";
import { createJwt } from "./jwt.ts";
import { createLateWrites } from "./late-writes.ts";
import { createLiveConnections } from "./live-connections.ts";
import type { LiveConnections } from "./live-connections.ts";
import { createOAuth2 } from "./oauth2.ts";
import type { OAuth2 } from "./oauth2.ts";
import { createOAuth2Bindings } from "./oauth2-bindings.ts";
import type { OAuth2Bindings } from "./oauth2-bindings.ts";
import { createOAuth2Client } from "./oauth2-provider.ts";
import { createOAuth2States } from "./oauth2-states.ts";
import type { OAuth2States } from "./oauth2-states.ts";
import { createOnlineUsers } from "./online.ts";
import type { OnlineUsers } from "./online.ts";
import { createOwnCredentials } from "./own-credentials.ts";
import type { OwnCredentials } from "./own-credentials.ts";
import type { Passwords } from "#platform/password";
import { createPasswordCheck } from "./password-check.ts";
import type { RandomBytes } from "./random-text.ts";
import { protectionRoutes } from "./routes-protection.ts";
import { sessionRoutes } from "./routes-session.ts";
import { tokenRoutes } from "./routes-token.ts";
import { userRoutes } from "./routes-user.ts";
import { createSessions } from "./sessions.ts";
import { createSignIn } from "./sign-in.ts";
import { createTokens } from "./tokens.ts";
import type { Tokens } from "./tokens.ts";
import { createTurns } from "./turns.ts";
import { createUserCommands } from "./user-commands.ts";
import { createWaf } from "./waf.ts";
import type { Waf } from "./waf.ts";

/** What of the configuration concerns this room. Hosts, headers and providers are read when they are needed. */
export interface AccessConfig extends Pick<ConfigStore, "isReservedHost"> {
  readonly current: Pick<
    Config,
    | "agentRealIpHeader"
    | "agentSecretKey"
    | "allowJwtIpChange"
    | "dashboardHost"
    | "forceAuth"
    | "jwtSecretKey"
    | "jwtTimeout"
    | "oauth2"
    | "siteName"
    | "webRealIpHeader"
  >;
}

export interface AccessDeps {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly config: AccessConfig;
  readonly database: Database;
  readonly passwords: Passwords;
  readonly facts: FactBus;
  readonly translate: Translate;
  /** Failures that no answer depends on. */
  readonly onError: (error: unknown) => void;
  /** What whoever runs the dashboard should know. */
  readonly warn: (text: string) => void;
  /** For the providers the operator has configured: redirects are followed. */
  readonly fetch: typeof fetch;
  /** `NZ_ADMIN_PASSWORD`. */
  readonly adminPassword: string | undefined;
  /** A session was issued on a request with this `Host`. */
  readonly onSession: (host: string, userId: number) => void;
  readonly showFirstPassword: (first: FirstPassword) => void;
  readonly ownerOfServer: (serverId: number) => number | undefined;
  /** What goes with a user, in this order. Asked when a user is deleted, so that compose may fill the list later. */
  readonly cascades: readonly Cascade[];
  readonly limits: { readonly pageSize: number; readonly rowsPerMember: number };
}

/** Who calls and what they may do. */
export interface Access {
  /** To be called when the dashboard listens: shows the password of an administrator made by this start. */
  tellFirstPassword(): Promise<void>;
  readonly gate: Gate;
  readonly routes: readonly AnyRoute[];
  readonly users: Users;
  readonly agents: AgentAccess;
  /** For callers outside the route table (MCP): who stands behind the text of an access token. */
  readonly tokens: Pick<Tokens, "authenticate" | "find">;
  /** What must not leave with what others get to see. */
  readonly ownCredentials: OwnCredentials;
  readonly waf: Waf;
  readonly online: OnlineUsers;
  readonly liveConnections: LiveConnections;
  readonly stats: AccessStats;
  /** Begins the regular clean-up. */
  start(): void;
  /** Waits for the writes under way. */
  stop(): Promise<void>;
}

/** Counters since the start, and what is held now. */
export interface AccessStats {
  /** Guesses turned away unread: too many failures of one session, or newer ones came before them. */
  readonly attemptsRefused: number;
  /** Passwords that wait for their comparison. */
  readonly attemptsWaiting: number;
  /** Times of last use that were not written because too many writes were under way. */
  readonly lateWritesDropped: number;
  /** Addresses with strikes. */
  readonly addresses: number;
  readonly liveConnections: number;
}

const HOUR_SECONDS = 3_600;
/** Half of the threads that files and name look-ups share with password comparisons. */
const COMPARED_AT_ONCE = 2;
const COMPARISONS_WAITING = 512;
const CLEAN_EVERY_MS = 10 * 60_000;

/** Reads users and blocked addresses, makes the first administrator if there is none, and puts the room together. */
export async function createAccess(deps: AccessDeps): Promise<Access> {
  const { clock, config, facts, limits } = deps;
  const parts = createParts(deps);
  const { accounts, commands, oauth2, sessions, tokens, waf, lateWrites } = parts;
  const tellFirstPassword = await loadAccounts({ ...deps, now: () => clock.now(), accounts, store: parts.store });
  await waf.load();
  const online = createOnlineUsers({ clock });
  const liveConnections = createLiveConnections({ clock, facts, tokenExpiry: (id) => tokens.expiryOf(id) });
  const clean = async (): Promise<void> => {
    await sessions.collectGarbage();
    await waf.age();
  };
  // Not the blocked addresses: whoever opens an existing directory finds its list as it was.
  await sessions.collectGarbage();
  let timer: Timer | undefined;
  return {
    tellFirstPassword,
    gate: gateOf(deps, parts),
    routes: [
      ...sessionRoutes({ signIn: parts.signIn, sessions, users: accounts, oauth2, realm: parts.realm }),
      ...userRoutes({ users: accounts, commands, oauth2 }),
      ...tokenRoutes({ now: () => clock.now(), tokens, ownerOfServer: deps.ownerOfServer, rowsPerMember: limits.rowsPerMember }),
      ...protectionRoutes({ waf, online, sessions, facts, pageSize: limits.pageSize }),
    ],
    users: accounts,
    agents: createAgentAccess({ realIpHeader: () => config.current.agentRealIpHeader, users: accounts, waf }),
    tokens,
    ownCredentials: parts.ownCredentials,
    waf,
    online,
    liveConnections,
    get stats() {
      return {
        attemptsRefused: parts.throttle.refused + parts.turns.displaced,
        attemptsWaiting: parts.turns.waiting,
        lateWritesDropped: lateWrites.dropped,
        addresses: waf.addresses,
        liveConnections: liveConnections.count,
      };
    },
    start() {
      if (Object.keys(config.current.oauth2).length > 0 && config.current.dashboardHost === "")
        deps.warn("sign-in through OAuth2 works only on hosts named in the configuration: set dashboard_host");
      timer ??= clock.setInterval(() => lateWrites.begin(clean), CLEAN_EVERY_MS).unref();
    },
    async stop() {
      timer?.cancel();
      liveConnections.stop();
      await lateWrites.settled();
    },
  };
}

/** Everything behind the faces of the room. */
function createParts(deps: AccessDeps) {
  const { clock, config, database, facts, random } = deps;
  const now = (): number => clock.now();
  const { agentSecretKey, jwtSecretKey, jwtTimeout, siteName } = config.current;
  const lifeSeconds = jwtTimeout * HOUR_SECONDS;
  const jwt = createJwt(jwtSecretKey);
  const csrf = createCsrf({ key: jwtSecretKey, random });
  const idCodec = createIdCodec(jwtSecretKey);
  const lateWrites = createLateWrites(deps);
  const throttle = createGuessThrottle({ clock });
  const turns = createTurns({ running: COMPARED_AT_ONCE, waiting: COMPARISONS_WAITING });
  const waf = createWaf({ clock, database, onError: deps.onError });
  const store = createAccountStore(database);
  const check = createPasswordCheck({ ...deps, store });
  const accounts = createAccountDirectory({ globalSecret: agentSecretKey });
  const sessions = createSessions({ clock, random, database, facts, lateWrites, lifeSeconds });
  const tokens = createTokens({ ...deps, users: accounts, lateWrites });
  const bindings = createOAuth2Bindings(database);
  const states = createOAuth2States({ clock, random });
  return {
    ownCredentials: createOwnCredentials({ jwt, csrf, states, tokens, onError: deps.onError }),
    realm: authenticateHeader(siteName),
    csrf,
    throttle,
    turns,
    lateWrites,
    waf,
    store,
    accounts,
    sessions,
    tokens,
    oauth2: oauth2Of(deps, { bindings, states, accounts, waf }),
    signIn: createSignIn({ ...deps, now, jwt, csrf, idCodec, sessions, accounts, check, waf, turns, lifeSeconds }),
    commands: createUserCommands({ ...deps, now, accounts, store, sessions, tokens, bindings, check, throttle, turns }),
    identities: createIdentities({ clock, jwt, idCodec, sessions, users: accounts, waf, mayMove: () => config.current.allowJwtIpChange }),
  };
}

function oauth2Of(
  { clock, config, fetch }: AccessDeps,
  parts: { bindings: OAuth2Bindings; states: OAuth2States; accounts: Users; waf: Waf },
): OAuth2 {
  return createOAuth2({
    now: () => clock.now(),
    providers: () => config.current.oauth2,
    dashboardHost: () => config.current.dashboardHost,
    isReservedHost: (host) => config.isReservedHost(host),
    states: parts.states,
    client: createOAuth2Client({ fetch }),
    bindings: parts.bindings,
    users: parts.accounts,
    waf: parts.waf,
  });
}

function gateOf({ config, translate }: AccessDeps, { identities, tokens, waf, csrf, realm }: ReturnType<typeof createParts>): Gate {
  return createGate({
    realIpHeader: () => config.current.webRealIpHeader,
    forceAuth: config.current.forceAuth,
    authentication: createAuthentication({ identities, tokens, waf, realm }),
    csrf,
    waf,
    translate,
  });
}
