/** The face of `access/policy`, as far as the cells below ask it. */
export interface Policy {
  canManage(caller: unknown, row: Row): boolean;
  canManageServer(caller: unknown, server: Row): boolean;
  canViewServer(caller: unknown, server: Row): boolean;
  seesServerInFull(caller: unknown, server: Row): boolean;
  reachesServer(caller: unknown, id: number): boolean;
  hasScope(caller: unknown, scope: string): boolean;
  requireManage(caller: unknown, rows: readonly Row[]): void;
  requireManageServers(caller: unknown, rows: readonly Row[]): void;
  requireNotificationGroup(caller: unknown, id: number, ownerOf: OwnerOf, stored?: number): void;
  mayTellGroup(ownerId: number, group: Row, ownsEverything: (userId: number) => boolean): boolean;
  requireTriggerTasks(caller: unknown, ids: readonly number[], ownerOf: OwnerOf, stored?: readonly number[]): void;
  cronCoverage(cover: number, ids: readonly number[]): unknown;
  flaggedCoverage(cover: number, flags: Readonly<Record<string, boolean>>): unknown;
  canManageCovering(caller: unknown, row: Row, coverages: readonly unknown[], servers: object): boolean;
  canViewService(caller: unknown, service: object, servers: object): boolean;
  requireCoverage(caller: unknown, ownerId: number, coverage: unknown, servers: object, stored?: readonly number[]): void;
}

type OwnerOf = (id: number) => number | undefined;

interface Row {
  readonly id: number;
  readonly ownerId: number;
  readonly hideForGuest: boolean;
}

const admin = { id: 1, username: "admin", role: 0 };
const alice = { id: 2, username: "alice", role: 1 };
const bob = { id: 3, username: "bob", role: 1 };
/** Becoming one hands every row over: these still name rows of theirs, which must not help. */
const vera = { id: 3, username: "vera", role: 1, sight: new Set([11, 12]) };
const viktor = { id: 2, username: "viktor", role: 1, sight: new Set([13]) };
const session = (user: object): object => ({ kind: "session", user, sessionKey: "k", via: "cookie" });
const token = (user: object, scopes: readonly string[], ids: readonly number[] | null): object => ({
  kind: "token",
  user,
  tokenId: 1,
  scopes,
  serverIds: ids && new Set(ids),
});
const linkOf = (...rows: readonly string[]): object => ({
  kind: "guest",
  share: { linkId: 1, until: 0, has: (kind: string, id: number) => rows.includes(`${kind} ${id}`) },
});
const CALLERS: Readonly<Record<string, object>> = {
  guest: { kind: "guest" },
  "link of a server": linkOf("server 12"),
  "link of a service": linkOf("service 5"),
  ...Object.fromEntries([admin, alice, bob, vera, viktor].map((user) => [user.username, session(user)])),
  ...Object.fromEntries(
    [admin, alice, vera].flatMap((user) =>
      [null, [], [11], [11, 12], [13]].flatMap((ids) =>
        [["nezha:cron:exec"], []].map((scopes) => [
          `token of ${user.username} ${JSON.stringify(ids)} ${scopes.join()}`,
          token(user, scopes, ids),
        ]),
      ),
    ),
  ),
};
const SERVERS: readonly Row[] = [
  { id: 11, ownerId: 2, hideForGuest: false },
  { id: 12, ownerId: 2, hideForGuest: true },
  { id: 13, ownerId: 3, hideForGuest: false },
  { id: 14, ownerId: 1, hideForGuest: true },
];
const reach = {
  server: (id: number) => SERVERS.find((server) => server.id === id),
  reachOf: (owner: number) => SERVERS.filter(({ ownerId }) => owner <= 1 || ownerId === owner).map(({ id }) => id),
  isOwner: (owner: number) => owner < 4,
};
const LISTS = [[], [11], [12], [11, 12], [13], [14], [12, 13, 14], [99]];
const ROWS = [0, 1, 2, 3, 9].map((ownerId) => ({ id: 5, ownerId, hideForGuest: false }));
const owners: OwnerOf = (id) => ({ 21: 2, 22: 3, 23: 0 })[id];

/** What every caller may do with every row, one line for each question. */
export function cellsOf(policy: Policy): readonly string[] {
  const cells = ROWS.flatMap(({ ownerId }) =>
    ROWS.map(
      (group) =>
        `row of ${ownerId}: tell group of ${group.ownerId}: ${answerOf(() => policy.mayTellGroup(ownerId, group, (userId) => userId < 2))}`,
    ),
  );
  for (const [name, caller] of Object.entries(CALLERS)) {
    const ask = (question: string, answer: () => unknown): void => void cells.push(`${name}: ${question}: ${answerOf(answer)}`);
    for (const server of SERVERS) {
      ask(`manage server ${server.id}`, () => policy.canManageServer(caller, server));
      ask(`view server ${server.id}`, () => policy.canViewServer(caller, server));
      ask(`full server ${server.id}`, () => policy.seesServerInFull(caller, server));
      ask(`reach server ${server.id}`, () => policy.reachesServer(caller, server.id));
      ask(`require server ${server.id}`, () => policy.requireManageServers(caller, [SERVERS[0] ?? server, server]));
    }
    for (const row of ROWS) {
      ask(`manage row of ${row.ownerId}`, () => policy.canManage(caller, row));
      ask(`require row of ${row.ownerId}`, () => policy.requireManage(caller, [row]));
    }
    ask("scope", () => policy.hasScope(caller, "nezha:cron:exec"));
    for (const id of [0, 21, 22, 23, 24])
      for (const stored of [0, 22, 24]) ask(`group ${id} ${stored}`, () => policy.requireNotificationGroup(caller, id, owners, stored));
    for (const ids of [[], [21], [22], [21, 24], [21, 21]])
      for (const stored of [[], [22], [24]])
        ask(`tasks ${ids.join()} ${stored.join()}`, () => policy.requireTriggerTasks(caller, ids, owners, stored));
    // Scopes make no difference to which servers a record addresses.
    if (!name.endsWith("nezha:cron:exec")) cells.push(...coverageCells(policy, name, caller));
  }
  return cells;
}

function coverageCells(policy: Policy, name: string, caller: object): readonly string[] {
  const cells: string[] = [];
  for (const ids of LISTS) {
    const flags = Object.fromEntries([...ids.map((id) => [String(id), true]), ["77", false]]) as Record<string, boolean>;
    const coverages = [
      ...[0, 1, 2, 3].map((cover) => [`cron ${cover}`, policy.cronCoverage(cover, ids)] as const),
      ...[0, 1, 2].map((cover) => [`flags ${cover}`, policy.flaggedCoverage(cover, flags)] as const),
    ];
    for (const [kind, coverage] of coverages) {
      for (const row of ROWS) {
        const ask = (question: string, answer: () => unknown): void =>
          void cells.push(`${name}: ${question} ${kind} ${ids.join()} of ${row.ownerId}: ${answerOf(answer)}`);
        ask("manage", () => policy.canManageCovering(caller, row, [coverage], reach));
        ask("manage both", () => policy.canManageCovering(caller, row, [{ mode: "only", serverIds: [11] }, coverage], reach));
        ask("write", () => policy.requireCoverage(caller, row.ownerId, coverage, reach));
        ask("rewrite", () => policy.requireCoverage(caller, row.ownerId, coverage, reach, [99, 13]));
        for (const hideForGuest of [true, false])
          ask(`see ${hideForGuest}`, () => policy.canViewService(caller, { ...row, hideForGuest, coverage }, reach));
      }
    }
  }
  return cells;
}

function answerOf(answer: () => unknown): string {
  try {
    return String(answer());
  } catch (error) {
    return error instanceof Error && "messageId" in error ? String(error.messageId) : `broke: ${String(error)}`;
  }
}
