import type { Cascade, Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { correctionKind, correctionStore } from "./correction-store.ts";
import { createCorrectionVerbs } from "./corrections.ts";
import type { CorrectionDeps } from "./corrections.ts";
import { correctionRoutes } from "./routes.ts";
import type { TrafficSpan } from "./sums.ts";
import type { SignedTraffic } from "./total.ts";

/** Corrections of traffic by hand: they count in the sums of cycles, and the nightly clean-up leaves them alone. */
export interface TrafficCorrections {
  readonly routes: readonly AnyRoute[];
  readonly cascades: { readonly servers: Cascade };
  /** What was entered for this time of a server, in all. */
  within(span: TrafficSpan): SignedTraffic;
  /** Hears of servers whose corrections changed. */
  onChange(listener: (serverId: number) => void): void;
}

export interface TrafficCorrectionsDeps {
  readonly database: Database;
  readonly audit: CorrectionDeps["audit"];
  readonly now: () => number;
  readonly findServer: CorrectionDeps["findServer"];
}

/** Loads all corrections. */
export async function createTrafficCorrections({ database, audit, now, findServer }: TrafficCorrectionsDeps): Promise<TrafficCorrections> {
  const corrections = await database.keep(correctionKind);
  return {
    routes: correctionRoutes(createCorrectionVerbs({ database, audit, corrections, now, findServer }), now),
    cascades: {
      async servers(tx, serverIds, changes) {
        const gone = await correctionStore.idsOf(tx, serverIds);
        if (gone.length > 0) await correctionStore.delete(tx, gone);
        changes.gone(correctionKind.name, gone);
      },
    },
    within({ serverId, from, until }) {
      const counted = corrections.by("server", serverId).filter(({ at }) => at >= from && at <= until);
      const sum = (direction: "in" | "out"): bigint => counted.reduce((total, entry) => total + BigInt(entry[direction]), 0n);
      return { in: sum("in"), out: sum("out") };
    },
    onChange(listener) {
      corrections.subscribe({
        changed: ({ before, after }) => {
          for (const id of new Set([before?.serverId, after?.serverId])) if (id !== undefined) listener(id);
        },
      });
    },
  };
}
