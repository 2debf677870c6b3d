import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { planFamilies, type FamilyPlan } from "@windfire/tsdb";
import { FAMILIES } from "../columns.ts";
import type { ThreadTime } from "../serving.ts";
import { createAdmission, type Admission } from "./admission.ts";
import type { VictoriaAddress } from "./address.ts";
import { createCautiousClient, type CautiousClient } from "./cautious-client.ts";
import { createVictoriaClient } from "./client.ts";
import type { VictoriaClient } from "./client.ts";
import { createDeleting } from "./deleting.ts";
import { createGone } from "./gone.ts";
import { createHeldRows, type HeldRows } from "./held-rows.ts";
import { createKeeping, putBack } from "./keeping.ts";
import { createNames, labelsOf } from "./names.ts";
import { createOutages } from "./outages.ts";
import { createReading, type Reading } from "./reading.ts";
import { createRestarts } from "./restarts.ts";
import { createRetention } from "./retention.ts";
import { createSender, type Sender } from "./sender.ts";
import { openSpool } from "./spool.ts";
import { MOST_WRITERS } from "./stamp.ts";
import type { VictoriaStats } from "./stats.ts";
import { createSightings } from "./sightings.ts";

export interface VictoriaOptions {
  readonly address: VictoriaAddress;
  /** Tells apart what several installations keep in the same place. */
  readonly installation: string;
  /** Folder of what waits to be sent; made where missing. */
  readonly directory: string;
  /** Bytes that may wait; past it the oldest go. */
  readonly bufferBytes: number;
  readonly time: Readonly<ThreadTime>;
  readonly random: () => number;
  /** Hears when points are not taken any more, and when they are again (an empty reason). */
  readonly onOutage?: (reason: string) => void;
}

/** A store whose points lie in VictoriaMetrics. */
export interface VictoriaStore {
  /** As of the embedded store; a row that is deleted takes no more. */
  append(family: string, group: number, at: number, values: ArrayLike<number>, offset?: number): boolean;
  readonly reading: Reading;
  /** Server and start of its newest half minute, in turns. */
  lastSeen(): Promise<Float64Array>;
  /** Takes nothing more of them, and forgets what is not sent. Resolves when a start does not bring it back. */
  letGo(kind: "server" | "service", ids: readonly number[]): Promise<void>;
  /** Does so, and deletes what is stored. @throws VictoriaError */
  drop(kind: "server" | "service", ids: readonly number[]): Promise<void>;
  stats(): Promise<VictoriaStats>;
  maintain(): Promise<void>;
  /** Resolves when everything taken so far is sent or on the disk. */
  flush(): Promise<void>;
  /** Sends what waits for a few seconds, and leaves the rest on the disk. */
  close(): Promise<void>;
}

/** What was sent is shown after a few seconds; until then it is answered from here. */
const SHOWN_MS = 60_000;
const CLOSE_MS = 4_000;
const READ_CONNECTIONS = 4;

export async function openVictoriaStore(options: VictoriaOptions): Promise<VictoriaStore> {
  const { time } = options;
  const { planOf, held, keeping, reads, sender, admission, deleting, retention, reading, sightings, close } = await openParts(options);
  const gone = createGone();
  const lost = { stopped: 0, time: 0, notFinite: 0 };
  let busy = false;
  let closed = false;

  const beat = async (): Promise<void> => {
    held.closeUntil(time.now);
    held.prune(time.monotonic - SHOWN_MS);
    gone.beat(time.monotonic);
    deleting.beat(time.monotonic);
    retention.beat(time.monotonic);
    reads.beat();
    admission.beat();
    void sender.run();
    await keeping.beat(time.monotonic);
  };
  const letGo: VictoriaStore["letGo"] = async (kind, ids) => {
    gone.add(kind, ids, time.monotonic);
    const these = new Set(ids);
    held.forget((plan, key) => these.has(labelsOf(plan.family.name, key)[kind] ?? Number.NaN));
    await keeping.drop({ kind, ids });
  };
  return {
    append: (family, key, at, values, offset = 0) => {
      const plan = planOf(family);
      const oldest = retention.days === undefined ? 0 : time.now - retention.days * 86_400_000;
      if (closed || gone.has(plan, key)) lost.stopped++;
      else if (!(at >= Math.max(0, oldest) && at < Number.MAX_SAFE_INTEGER)) lost.time++;
      else if (!anyFinite(values, offset, plan.folds.length)) lost.notFinite++;
      else {
        held.add(plan, key, at, values, offset);
        return true;
      }
      return false;
    },
    reading,
    lastSeen: sightings,
    letGo,
    drop: async (kind, ids) => {
      await letGo(kind, ids);
      await sender.idle();
      await deleting.now(kind, ids);
    },
    stats: async () => ({
      state: closed ? "closed" : stateOf(sender, admission, reads),
      reason: sender.failure || reads.failure || admission.failure || keeping.failure,
      pausedAt: sender.failedAt ?? reads.failedAt ?? admission.failedAt,
      buffer: {
        rows: held.size.rows,
        bytes: held.size.bytes,
        limitBytes: options.bufferBytes,
        dropped: held.size.crowded + held.size.refused,
      },
      retentionDays: retention.days,
      dropped: { ...lost },
    }),
    maintain: async () => {
      if (busy || closed) return;
      busy = true;
      try {
        await beat();
      } finally {
        busy = false;
      }
    },
    flush: () => keeping.write(),
    close: async () => {
      if (closed) return;
      closed = true;
      held.closeUntil(Number.POSITIVE_INFINITY);
      await sender.drain(CLOSE_MS);
      await keeping.finish(time.now);
      close();
    },
  };
}

function stateOf(sender: Sender, admission: Admission, reads: Pick<CautiousClient, "failure">): VictoriaStats["state"] {
  if (sender.isRefused || admission.isRefused) return "refused";
  return [sender, reads, admission].every(({ failure }) => failure === "") ? "writing" : "unreachable";
}

async function openParts({ address, installation, directory, bufferBytes, time, random, onOutage }: VictoriaOptions) {
  const plans = planFamilies(FAMILIES);
  const byName = new Map(plans.map((plan) => [plan.family.name, plan]));
  const planOf = (name: string): FamilyPlan => {
    const plan = byName.get(name);
    if (plan === undefined) throw new RangeError(`family ${name} is not stored here`);
    return plan;
  };
  const names = createNames(installation);
  const { spool, found } = await openSpool(directory, plans);
  let sentAt = Number.NEGATIVE_INFINITY;
  const clientWith = (connections: number): VictoriaClient => createVictoriaClient(address, connections);
  const reads = createCautiousClient({ client: clientWith(READ_CONNECTIONS), looks: clientWith(1), time });
  const writes = clientWith(1);
  const keeping = createKeeping(spool, () => held);
  const held: HeldRows = createHeldRows({
    limitBytes: bufferBytes,
    closed: keeping.closed,
    over: (row) => {
      sentAt = performance.now();
      keeping.over(row);
    },
  });
  putBack(found, held, time.now);
  const writer = writerOf(directory);
  const outage = createOutages((reason) => onOutage?.(reason));
  const restarts = createRestarts({ client: writes, time });
  return {
    planOf,
    held,
    keeping,
    reads,
    sender: createSender({ client: writes, names, held, restarts, writer, time, random, onOutage: outage() }),
    admission: createAdmission({ client: reads, time, onOutage: outage() }),
    deleting: createDeleting({ client: writes, names, time, sinceSent: () => performance.now() - sentAt }),
    retention: createRetention(reads),
    reading: createReading({ client: reads, names, held, planOf }),
    sightings: createSightings({ client: reads, names, now: () => time.now }),
    close: () => {
      reads.close();
      writes.close();
    },
  };
}

/** The same after every start, so that what is sent again replaces itself, and most likely another one than a neighbour's. */
function writerOf(directory: string): number {
  const digest = createHash("sha256").update(`${hostname()}\n${directory}`).digest();
  return 1 + (digest.readUInt32LE(0) % MOST_WRITERS);
}

function anyFinite(values: ArrayLike<number>, offset: number, length: number): boolean {
  for (let index = offset; index < offset + length; index++) if (Number.isFinite(values[index])) return true;
  return false;
}
