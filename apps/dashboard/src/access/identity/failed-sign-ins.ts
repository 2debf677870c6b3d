import type { Clock, LateWrites, Timer } from "@windfire/kit";
import { networkOf } from "#kernel";
import { SYSTEM } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { userKind } from "./account-store.ts";

/** Told in the audit log: one line for each address or /64 and minute, with how often. What was typed is not in it: it may be a password. */
export interface FailedSignIns {
  /**
   * @param userId whose account was tried; 0: nobody's
   * @param ip "" when unknown
   */
  note(userId: number, ip: string): void;
  /** Begins to write what has not been written yet. */
  flush(): void;
}

interface Failures {
  readonly address: string;
  /** 0: nobody's, or several people's. */
  userId: number;
  attempts: number;
}

const MINUTE_MS = 60_000;
/** Lines of one minute: whoever guesses from many addresses does not drive other lines out of the log. The last one is of all others together. */
const MOST_LINES = 6;
const OTHERS = "others";

export function createFailedSignIns(deps: {
  readonly clock: Pick<Clock, "setTimeout">;
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly lateWrites: Pick<LateWrites, "begin">;
}): FailedSignIns {
  let minute = new Map<string, Failures>();
  let timer: Timer | undefined;
  const write = async (failures: Iterable<[string, Failures]>): Promise<void> =>
    deps.database.change(async (tx) => {
      for (const [network, { address, userId, attempts }] of failures) {
        await deps.audit.write(tx, {
          actor: { ...SYSTEM, kind: "guest", address },
          action: "user.sign-in-failed",
          kind: userKind.name,
          key: userId === 0 ? "" : userId,
          to: network === OTHERS ? { attempts, from: "other addresses" } : { attempts },
        });
      }
    });
  const flush = (): void => {
    timer?.cancel();
    timer = undefined;
    if (minute.size === 0) return;
    const failures = minute;
    minute = new Map();
    deps.lateWrites.begin(() => write(failures));
  };
  return {
    note(userId, ip) {
      const network = networkOf(ip);
      const key = minute.has(network) || minute.size < MOST_LINES - 1 ? network : OTHERS;
      const known = minute.get(key);
      if (known === undefined) minute.set(key, { address: key === OTHERS ? "" : ip, userId, attempts: 1 });
      else {
        known.attempts++;
        if (known.userId !== userId) known.userId = 0;
      }
      timer ??= deps.clock.setTimeout(flush, MINUTE_MS).unref();
    },
    flush,
  };
}
