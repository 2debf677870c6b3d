import { LITERAL_ERRORS, SHARE_KINDS } from "@windfire/api";
import type { Clock, LateWrites } from "@windfire/kit";
import { createTurns } from "@windfire/kit";
import { createGuessThrottle } from "#access/protection";
import { networkOf, refuse, refuseText } from "#kernel";
import type { SharedRows } from "#kernel";
import type { ShareCount } from "#platform/bus";
import type { Database } from "#platform/database";
import { header } from "#platform/http";
import type { Cookie, Visit } from "#platform/http";
import type { Passwords } from "#platform/password";
import { hashOf, isPass, OPEN_MS, passOf } from "./model.ts";
import type { SharedRow, ShareLink } from "./model.ts";
import { shareLinkKind, shareLinkStore } from "./store.ts";
import type { ShareLinks } from "./store.ts";

/** Wrong passwords for one link: from one address, and from everywhere. */
const GUESSES = { burst: 10, refillMs: 30_000 };
const GUESSES_IN_ALL = { burst: 100, refillMs: 6_000 };
const HOUR_MS = 3_600_000;

export interface OpeningDeps {
  readonly clock: Clock;
  /** With whom the pace of guesses is shared. */
  readonly share: ShareCount;
  readonly database: Pick<Database, "change">;
  readonly links: ShareLinks;
  readonly passwords: Pick<Passwords, "verify">;
  /** Of the installation; passes are signed with it. */
  readonly key: string;
  /** Whether the owner of a link still has a say over a row of it. */
  readonly mayShow: (ownerId: number, row: SharedRow) => boolean;
  readonly lateWrites: Pick<LateWrites, "begin">;
  readonly pathOf: (row: SharedRow) => string;
}

/** Asked about every row at every beat. */
const sets = new WeakMap<ShareLink, ReadonlySet<string>>();
function rowsOf(link: ShareLink): ReadonlySet<string> {
  const rows = sets.get(link) ?? new Set(link.rows.map(({ kind, id }) => `${kind} ${id}`));
  sets.set(link, rows);
  return rows;
}

const COOKIE = /^wf-share-(\d{1,15})$/;
const cookieName = (id: number): string => `wf-share-${id}`;

/** Links as whoever has them uses them. */
export function createOpening(deps: OpeningDeps) {
  const { clock, links, mayShow, share } = deps;
  const byAddress = createGuessThrottle({ clock, ...GUESSES, share: share("share links by address") });
  const inAll = createGuessThrottle({ clock, ...GUESSES_IN_ALL, share: share("share links") });
  const turns = createTurns({ running: 1, waiting: 64 });

  const shown = (link: ShareLink): SharedRow[] => link.rows.filter((row) => mayShow(link.ownerId, row));
  const isOpen = (link: ShareLink | undefined): link is ShareLink => link !== undefined && clock.now() < link.expiresAt;

  const shows = (link: ShareLink | undefined, row: SharedRow): boolean =>
    isOpen(link) && rowsOf(link).has(`${row.kind} ${row.id}`) && mayShow(link.ownerId, row);

  const requirePassword = async (link: ShareLink, password: string, ip: string): Promise<void> => {
    if (link.passwordHash === "") return;
    if (password === "") throw refuseText(LITERAL_ERRORS.sharePassword);
    const attempts = [byAddress.attempt(`${link.id} ${networkOf(ip)}`), inAll.attempt(String(link.id))];
    for (const attempt of attempts) if (!attempt.allowed) throw tooMany(attempt.waitSeconds);
    const turn = await turns.take({ key: String(link.id), waiting: 8 }, () => deps.passwords.verify(password, link.passwordHash));
    if (turn.outcome === "displaced") throw tooMany(1);
    if (!turn.value) throw refuse("incorrect password");
    for (const attempt of attempts) if (attempt.allowed) attempt.succeeded();
  };
  const noteOpened = (link: ShareLink, now: number): void => {
    if (now - link.openedAt < HOUR_MS) return;
    deps.lateWrites.begin(() =>
      deps.database.change(async (tx, changes) => {
        await shareLinkStore.opened(tx, link.id, now);
        changes.put(shareLinkKind.name, link.id);
      }),
    );
  };

  /** Whether this browser opened the link, and need not do so again. */
  const isHeld = (link: ShareLink | undefined, visit: Visit): link is ShareLink =>
    isOpen(link) && isPass(deps.key, link, visit.cookies[cookieName(link.id)] ?? "", clock.now());

  return {
    shown,
    /** Address of the page that whoever opened it begins on: of its servers, else of its services, else of a status page. */
    startOf(link: ShareLink): string {
      const rows = shown(link);
      const first = SHARE_KINDS.flatMap((kind) => rows.find((row) => row.kind === kind) ?? [])[0];
      return first === undefined ? "/" : deps.pathOf(first);
    },
    /** Whether a browser opened any link that shows a row. For documents, which are asked for without the name of a link. */
    hasOpened: (visit: Visit, row: SharedRow): boolean =>
      Object.keys(visit.cookies).some((name) => {
        const link = links.get(Number(COOKIE.exec(name)?.[1] ?? 0));
        return isHeld(link, visit) && shows(link, row);
      }),
    /** Secrets that nobody has and those of links that ended are answered alike. */
    async open({ secret, password }: { secret: string; password: string }, ip: string, secure: boolean) {
      const [link] = links.by("hash", hashOf(secret));
      if (!isOpen(link)) throw refuseText(LITERAL_ERRORS.shareLink);
      await requirePassword(link, password, ip);
      const now = clock.now();
      noteOpened(link, now);
      const until = Math.min(link.expiresAt, now + OPEN_MS);
      const cookie: Cookie = {
        name: cookieName(link.id),
        value: passOf(deps.key, link, until),
        maxAge: Math.ceil((until - now) / 1_000),
        sameSite: "Strict",
        httpOnly: true,
        secure,
      };
      return { link, cookie };
    },
    /** For the gate: what a request is shown by the link that it names, `undefined` when it names none. */
    of(visit: Visit): SharedRows | "ended" | undefined {
      const name = header(visit, "x-share-link") || (visit.query.get("share") ?? "");
      if (name === "") return undefined;
      const link = /^\d{1,15}$/.test(name) ? links.get(Number(name)) : undefined;
      if (!isHeld(link, visit)) return "ended";
      return { linkId: link.id, until: link.expiresAt, has: (kind, id) => shows(links.get(link.id), { kind, id }) };
    },
  };
}

export type Opening = ReturnType<typeof createOpening>;

function tooMany(seconds: number): Error {
  return refuseText(`too many failed attempts, try again in ${seconds} s`, 429, { "retry-after": String(seconds) });
}
