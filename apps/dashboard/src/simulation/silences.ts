import type { User } from "#kernel";
import { admin, alice, ownsEverything, session, WEB } from "./cast.ts";
import type { Engines } from "./engines.ts";
import type { Process } from "./process.ts";
import { pick } from "./random.ts";
import type { Random } from "./random.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** A window by schedule is open for the first minute of so many. */
const EVERY_MINUTES = 4;
const LONGEST_MS = 150_000;
/** Rules and servers of Alice. */
const RULES = [1, 2];
const SERVERS = [1, 2, 3];

/** Where silences are made. */
interface Place {
  readonly clock: { now(): number };
  readonly engines: Engines;
  readonly now: Pick<Process, "call">;
}

/** What an incident is about, as a silence looks at it. */
export interface Subject {
  readonly source: string;
  readonly source_id: number;
  readonly server_id: number;
  readonly owner_id: number;
}

/** A snooze or a maintenance window that somebody made, as its maker knows it. Times in Unix milliseconds. */
interface Silence {
  readonly id: number;
  readonly list: "snooze" | "maintenance-window";
  readonly ownerId: number;
  /** Since when it is certainly there. */
  readonly since: number;
  /** Since when it is certainly not there any more, as far as somebody took it away, and up to when it was certainly there. */
  gone: number;
  there: number;
  readonly isOpen: (at: number) => boolean;
  readonly covers: (subject: Subject) => boolean;
}

interface Wish {
  readonly list: Silence["list"];
  readonly form: object;
  readonly isOpen: Silence["isOpen"];
  readonly covers: Silence["covers"];
}

/** Snoozes and maintenance windows of a run. */
export class Silences {
  readonly #known: Silence[] = [];
  /** Of what was made in a crash nobody knows whether it is there. */
  readonly #unsure: Omit<Silence, "id">[] = [];

  /** Whether nobody may be told of it at a moment. */
  certainlyHold(subject: Subject, at: number): boolean {
    return this.#known.some((one) => at > one.since && at < one.there && one.isOpen(at) && speaksFor(one, subject));
  }

  /** Whether it may be that nobody is told. */
  mayHold(subject: Subject, at: number): boolean {
    return [...this.#known, ...this.#unsure].some((one) => at < one.gone && one.isOpen(at) && speaksFor(one, subject));
  }

  /** Somebody makes a silence, or takes one away. */
  async play(scene: Place, more: Random): Promise<void> {
    const mine = this.#known.filter(({ gone }) => gone === Number.POSITIVE_INFINITY);
    if (mine.length > 0 && more(3) === 0) await this.#end(scene, pick(more, mine));
    else await this.#make(scene, more);
  }

  /** So that what is held in the end is told: all that can be taken away is. */
  async endAll(scene: Place): Promise<void> {
    for (const list of ["snooze", "maintenance-window"] as const) {
      for (const user of [alice, admin]) {
        const answer = await scene.now.call(session(user), `GET /${list}`);
        const rows = "data" in answer ? (answer.data as { id: number }[]) : [];
        await scene.now.call(
          session(user),
          `POST /batch-delete/${list}`,
          rows.map(({ id }) => id),
        );
      }
    }
    for (const one of [...this.#known, ...this.#unsure]) {
      one.gone = Math.min(one.gone, scene.clock.now());
      one.there = Math.min(one.there, scene.clock.now());
    }
  }

  async #make(scene: Place, more: Random): Promise<void> {
    const user: User = scene.engines.owners && more(5) === 0 ? admin : alice;
    const begun = scene.clock.now();
    const { list, form, isOpen, covers } = more(2) === 0 ? snoozeOf(scene, more, user) : windowOf(scene, more);
    const id = await asked(scene, user, `POST /${list}`, form);
    const silence = { list, ownerId: user.id, gone: Number.POSITIVE_INFINITY, there: Number.POSITIVE_INFINITY, isOpen, covers };
    if (typeof id === "number") this.#known.push({ ...silence, id, since: scene.clock.now() });
    else this.#unsure.push({ ...silence, since: begun });
  }

  async #end(scene: Place, silence: Silence): Promise<void> {
    // An earlier try may have been done before its answer was lost.
    silence.there = Math.min(silence.there, scene.clock.now());
    const user = silence.ownerId === admin.id ? admin : alice;
    const answer = await asked(scene, user, `POST /batch-delete/${silence.list}`, [silence.id]);
    if (answer !== undefined) silence.gone = scene.clock.now();
  }
}

/** The answer's data; `undefined` when it did not come: the process may have ended before or after it was done. */
async function asked(scene: Place, user: User, request: string, form: unknown): Promise<unknown> {
  try {
    const answer = await scene.now.call(session(user), request, form);
    return "error" in answer ? undefined : answer.data;
  } catch {
    return undefined;
  }
}

function speaksFor({ ownerId, covers }: Pick<Silence, "ownerId" | "covers">, subject: Subject): boolean {
  return (ownerId === subject.owner_id || ownsEverything(ownerId)) && covers(subject);
}

function snoozeOf(scene: Place, more: Random, user: User): Wish {
  const until = scene.clock.now() + 5_000 + more(LONGEST_MS);
  const wish = (scope: string, scopeId: number, covers: Wish["covers"]): Wish => ({
    list: "snooze",
    form: { scope, ...(scope === "all" ? {} : { scope_id: scopeId }), until: new Date(until).toISOString(), note: "" },
    isOpen: (at) => at < until,
    covers,
  });
  const [rule, server] = [pick(more, RULES), pick(more, SERVERS)];
  const kind = more(scene.engines.services ? 4 : 3);
  if (kind === 0 && user === alice) return wish("all", 0, () => true);
  if (kind === 1) return wish("rule", rule, ({ source, source_id: id }) => source === "alert" && id === rule);
  if (kind === 3) return wish("service", WEB, ({ source, source_id: id }) => source === "service" && id === WEB);
  return wish("server", server, ({ server_id: id }) => id === server);
}

function windowOf(scene: Place, more: Random): Wish {
  const now = scene.clock.now();
  const server = pick(more, SERVERS);
  const services = scene.engines.services && more(2) === 0 ? [WEB] : [];
  const [from, to] = [now + more(30) * SECOND_MS, now + 35_000 + more(LONGEST_MS)];
  const isOnce = more(2) === 0;
  const plan = isOnce
    ? { kind: "once", from: new Date(from).toISOString(), to: new Date(to).toISOString() }
    : { kind: "cron", schedule: `0 */${EVERY_MINUTES} * * * *`, minutes: 1 };
  return {
    list: "maintenance-window",
    form: { name: "work", enable: true, plan, servers: [server], groups: [], services },
    isOpen: isOnce ? (at) => at >= from && at < to : (at) => at % (EVERY_MINUTES * MINUTE_MS) < MINUTE_MS,
    covers: ({ source, source_id: id, server_id: serverId }) => (source === "service" ? services.includes(id) : serverId === server),
  };
}
