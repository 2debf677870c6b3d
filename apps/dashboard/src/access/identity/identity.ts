import { createGuessThrottle } from "#access/protection";
import { createLateWrites, createTurns } from "@windfire/kit";
import type { Clock, LateWrites, RandomBytes, Timer } from "@windfire/kit";
import { relyingParty } from "#access/factors";
import type { FactorRoom } from "#access/factors";
import type { OAuth2 } from "#access/oauth2";
import type { Waf } from "#access/protection";
import type { FactBus } from "#kernel";
import type { AuditLog } from "#platform/audit";
import type { Config } from "#platform/config";
import type { Cascade, Database } from "#platform/database";
import { hostOf } from "#platform/http";
import type { AnyRoute, Gate, Translate, Visit } from "#platform/http";
import type { Passwords } from "#platform/password";
import { accessStore } from "./access-store.ts";
import { accountStore, userKind } from "./account-store.ts";
import type { Accounts } from "./account-store.ts";
import { createAccountDirectory } from "./accounts.ts";
import type { Users } from "./accounts.ts";
import { createAgentAccess } from "./agent-access.ts";
import type { AgentAccess } from "./agent-access.ts";
import { authenticateHeader } from "./authenticate-header.ts";
import { createAuthentication } from "./authentication.ts";
import { createCodePace } from "./code-pace.ts";
import { createCsrf } from "./csrf.ts";
import { createCurrentPassword } from "./current-password.ts";
import { announceEnds } from "./ends.ts";
import { prepareAccounts } from "./first-start.ts";
import type { FirstPassword } from "./first-start.ts";
import { createGate } from "./gate.ts";
import { createIdCodec } from "./id-codec.ts";
import { createIdentities } from "./identities.ts";
import { createJwt } from "./jwt.ts";
import { createOwnCredentials } from "./own-credentials.ts";
import type { OwnCredentials } from "./own-credentials.ts";
import { createPasswordCheck } from "./password-check.ts";
import { createProofCommands } from "./proof-commands.ts";
import { passkeyRoutes } from "./routes-passkey.ts";
import { proofRoutes } from "./routes-proof.ts";
import { ownSessionRoutes } from "./routes-own-sessions.ts";
import { sessionRoutes } from "./routes-session.ts";
import { tokenRoutes } from "./routes-token.ts";
import { userRoutes } from "./routes-user.ts";
import { sessionStore } from "./session-store.ts";
import { createSessions } from "./sessions.ts";
import type { Sessions } from "./sessions.ts";
import { createSessionCommands } from "./session-commands.ts";
import { createSessionStart } from "./session-start.ts";
import { createSignIn } from "./sign-in.ts";
import { createSignInNotices } from "./sign-in-notices.ts";
import type { SignInNoticeDeps, SignInNotices, TellGroup } from "./sign-in-notices.ts";
import { createStepUp } from "./step-up.ts";
import type { StepUp } from "./step-up.ts";
import { createTokenCommands } from "./token-commands.ts";
import { tokenKind, tokenStore } from "./token-store.ts";
import type { TokenRecords, TokenUse } from "./token-store.ts";
import { createTokenUses } from "./token-uses.ts";
import { createTokens } from "./tokens.ts";
import type { Tokens } from "./tokens.ts";
import { createUserCommands } from "./user-commands.ts";
import { createViewerCommands } from "./viewer-commands.ts";
import type { ViewerCommandDeps, ViewerCommands } from "./viewer-commands.ts";

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
  readonly oauth2: OAuth2;
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
/** Half of the threads that files and name look-ups share with password comparisons. */
const COMPARED_AT_ONCE = 2;
const COMPARISONS_WAITING = 512;
const CLEAN_EVERY_MS = 10 * 60_000;

/** Reads users, makes the first administrator if there is none, and puts the room together. */
export async function createIdentity(deps: IdentityDeps): Promise<Identity> {
  const { clock, config, database, oauth2 } = deps;
  const lateWrites = createLateWrites(deps);
  await accessStore.removeOrphans(database.kysely);
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
      ...sessionRoutes({ signIn: parts.signIn, sessions, users, oauth2, stepUp: parts.stepUp, realm: parts.realm }),
      ...userRoutes({ users, commands: parts.commands, oauth2, factors: deps.factors, setAccess: parts.viewers.setAccess }),
      ...ownSessionRoutes({ ...deps, ...parts, commands: parts.sessionCommands }),
      ...proofRoutes({ factors: deps.factors, commands: parts.proofCommands, party: parts.party }),
      ...passkeyRoutes({
        ...parts,
        commands: parts.proofCommands,
        passkeys: deps.factors.passkeys,
        siteName: () => config.current.siteName || "Windfire",
      }),
      ...tokenRoutes({ records: records.tokens, uses: parts.uses, commands: parts.tokenCommands }),
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
      await lateWrites.settled();
    },
  };
}

interface Parts {
  readonly records: { readonly accounts: Accounts; readonly tokens: TokenRecords };
  readonly sessions: Sessions;
  readonly lateWrites: LateWrites;
  readonly lifeSeconds: number;
}

/** Everything behind the faces of the room. */
function createParts(deps: IdentityDeps, { records, sessions, lateWrites, lifeSeconds }: Parts) {
  const { clock, config, database, oauth2, random, waf } = deps;
  const now = (): number => clock.now();
  const { agentSecretKey, jwtSecretKey, siteName } = config.current;
  const jwt = createJwt(jwtSecretKey);
  const csrf = createCsrf({ key: jwtSecretKey, random });
  const idCodec = createIdCodec(jwtSecretKey);
  const throttle = createGuessThrottle({ clock });
  const turns = createTurns({ running: COMPARED_AT_ONCE, waiting: COMPARISONS_WAITING });
  const raise = async (id: number, from: string, password: string): Promise<void> => {
    const to = await deps.passwords.hash(password);
    await database.change((tx) => accountStore.raiseHash(tx, id, { from, to }));
  };
  const check = createPasswordCheck({
    ...deps,
    passwordHash: (id) => accountStore.passwordHash(database.kysely, id),
    onCheap: (...hash) => lateWrites.begin(() => raise(...hash)),
  });
  const users = createAccountDirectory({ accounts: records.accounts, globalSecret: agentSecretKey, serversOfGroup: deps.serversOfGroup });
  const write = async (id: number, use: TokenUse): Promise<void> => tokenStore.touch(database.kysely, id, use);
  const uses = createTokenUses({ clock, tokens: records.tokens, lateWrites, write });
  const tokens = createTokens({ clock, records: records.tokens, uses, users });
  const tokenCommands = createTokenCommands({ ...deps, now });
  const requirePassword = createCurrentPassword({ check, throttle, turns });
  const viewers = createViewerCommands({ ...deps, sessions, tokens: tokenCommands });
  const pace = createCodePace({ clock });
  const notices = createSignInNotices(deps);
  const start = createSessionStart({ ...deps, now, jwt, csrf, idCodec, sessions, notices, lifeSeconds });
  return {
    ownCredentials: createOwnCredentials({ jwt, csrf, oauth2, tokens }),
    realm: authenticateHeader(siteName),
    csrf,
    throttle,
    party: (visit: Visit) => relyingParty(config.current.dashboardHost, { host: hostOf(visit), secure: visit.secure }),
    notices,
    viewers,
    sessionCommands: createSessionCommands({ ...deps, sessions }),
    list: async (userId: number) => sessionStore.listOf(database.kysely, userId, clock.now()),
    pace,
    stepUp: createStepUp({ clock, factors: deps.factors, mode: () => config.current.stepUp }),
    turns,
    users,
    uses,
    tokens,
    tokenCommands,
    signIn: createSignIn({ ...deps, csrf, start, sessions, accounts: users, check, turns, pace }),
    proofCommands: createProofCommands({ ...deps, now, sessions, pace, notices, requirePassword }),
    commands: createUserCommands({
      ...deps,
      now,
      accounts: users,
      sessions,
      tokens: tokenCommands,
      requirePassword,
      beginViewer: viewers.begin,
    }),
    identities: createIdentities({ clock, jwt, idCodec, sessions, users, waf, mayMove: () => config.current.allowJwtIpChange }),
  };
}

function gateOf(
  { config, translate, waf }: IdentityDeps,
  { identities, tokens, csrf, realm, stepUp }: ReturnType<typeof createParts>,
): Gate {
  return createGate({
    realIpHeader: () => config.current.webRealIpHeader,
    forceAuth: config.current.forceAuth,
    authentication: createAuthentication({ identities, tokens, waf, realm }),
    csrf,
    stepUp,
    waf,
    translate,
  });
}
