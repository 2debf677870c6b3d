import { createGuessThrottle } from "#access/protection";
import { createTurns } from "@windfire/kit";
import type { LateWrites } from "@windfire/kit";
import { relyingParty } from "#access/factors";
import { countedAlone } from "#platform/bus";
import { hostOf } from "#platform/http";
import type { Gate, Visit } from "#platform/http";
import { accountStore } from "./account-store.ts";
import type { Accounts } from "./account-store.ts";
import { createAccountDirectory } from "./accounts.ts";
import { authenticateHeader } from "./authenticate-header.ts";
import { createAuthentication } from "./authentication.ts";
import { createCodePace } from "./code-pace.ts";
import { createCsrf } from "./csrf.ts";
import { createCurrentPassword } from "./current-password.ts";
import { createFailedSignIns } from "./failed-sign-ins.ts";
import { createGate } from "./gate.ts";
import { createIdCodec } from "./id-codec.ts";
import { createIdentities } from "./identities.ts";
import { createJwt } from "./jwt.ts";
import { createOwnCredentials } from "./own-credentials.ts";
import { createPasswordCheck } from "./password-check.ts";
import { createProviderAccounts } from "./provider-accounts.ts";
import { createProofCommands } from "./proof-commands.ts";
import { sessionStore } from "./session-store.ts";
import type { Sessions } from "./sessions.ts";
import { createSessionCommands } from "./session-commands.ts";
import { createSessionStart } from "./session-start.ts";
import { createSignIn } from "./sign-in.ts";
import { createSignInNotices } from "./sign-in-notices.ts";
import { createStepUp } from "./step-up.ts";
import { createTokenCommands } from "./token-commands.ts";
import { tokenStore } from "./token-store.ts";
import type { TokenRecords, TokenUse } from "./token-store.ts";
import { createTokenUses } from "./token-uses.ts";
import { createTokens } from "./tokens.ts";
import { createUserCommands } from "./user-commands.ts";
import { createUserEdit } from "./user-edit.ts";
import { createViewerCommands } from "./viewer-commands.ts";
import type { IdentityDeps } from "./deps.ts";

/** Half of the threads that files and name look-ups share with password comparisons. */
const COMPARED_AT_ONCE = 2;
const COMPARISONS_WAITING = 512;

/** What the parts stand on. */
export interface Ground {
  readonly records: { readonly accounts: Accounts; readonly tokens: TokenRecords };
  readonly sessions: Sessions;
  readonly lateWrites: LateWrites;
  readonly lifeSeconds: number;
}

/** Everything behind the faces of the room. */
export function createParts(deps: IdentityDeps, { records, sessions, lateWrites, lifeSeconds }: Ground) {
  const { clock, config, database, oauth2, random, share = countedAlone, waf } = deps;
  const now = (): number => clock.now();
  const { agentSecretKey, jwtSecretKey, siteName } = config.current;
  const jwt = createJwt(jwtSecretKey);
  const csrf = createCsrf({ key: jwtSecretKey, random });
  const idCodec = createIdCodec(jwtSecretKey);
  const throttle = createGuessThrottle({ clock, share: share("current passwords") });
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
  const placeWords = () => [config.current.siteName, config.current.dashboardHost];
  const pace = createCodePace({ clock, share: share("codes") });
  const notices = createSignInNotices(deps);
  const failed = createFailedSignIns({ ...deps, lateWrites });
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
    signIn: createSignIn({ ...deps, csrf, start, sessions, accounts: users, check, failed, turns, pace }),
    failed,
    proofCommands: createProofCommands({ ...deps, now, sessions, pace, notices, requirePassword }),
    commands: createUserCommands({
      ...deps,
      now,
      accounts: users,
      sessions,
      tokens: tokenCommands,
      requirePassword,
      beginViewer: viewers.begin,
      placeWords,
    }),
    editUser: createUserEdit({ ...deps, now, accounts: users, sessions, tokens: tokenCommands, placeWords }),
    providerAccounts: createProviderAccounts({ ...deps, now, accounts: users, sessions, tokens: tokenCommands }),
    identities: createIdentities({ clock, jwt, idCodec, sessions, users, waf, mayMove: () => config.current.allowJwtIpChange }),
  };
}

export function gateOf(
  { config, shared, translate, waf }: IdentityDeps,
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
    shared,
  });
}
