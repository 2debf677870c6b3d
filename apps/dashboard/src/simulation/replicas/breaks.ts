import type { Replicas } from "#features/replicas";
import type { Database } from "#platform/database";
import type { Lease } from "#platform/leases";

/** What is broken on purpose in all replicas of a run. */
export interface Break {
  readonly lease?: (lease: Lease, database: Database) => Lease;
  readonly isJudgedHere?: (replicas: Replicas) => Replicas["isJudgedHere"];
}

/** What may be missing, for one run each: so that the findings can be seen to find it. */
export const BREAKS = {
  /** A judge writes whoever holds the lease. */
  fencing: (): Break => ({ lease: (lease, database) => withValues(lease, { database }) }),
  /** It sends whoever holds the lease. */
  asking: (): Break => ({ lease: (lease) => withValues(lease, { maySend: true }) }),
  /** Nobody but the first takes the lease. */
  following(): Break {
    let isFirst = true;
    return {
      lease(lease) {
        const start = isFirst ? lease.start : () => Promise.resolve();
        isFirst = false;
        return withValues(lease, { start });
      },
    };
  },
  /** Each judges all servers that it does not hear of. */
  parting: (): Break => ({ isJudgedHere: () => () => true }),
} as const satisfies Record<string, () => Break>;

function withValues(lease: Lease, values: Partial<Lease>): Lease {
  const properties = Object.entries(values).map(([name, value]): [string, PropertyDescriptor] => [name, { value }]);
  // All other members are the lease's own.
  return Object.create(lease, Object.fromEntries(properties)) as Lease;
}
