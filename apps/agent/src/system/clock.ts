import { systemClock } from "@windfire/kit";
import type { Clock } from "@windfire/kit";

const NANOSECONDS_PER_MS = 1e6;

/** The machine's clock. The runtime's performance timers, which the general one counts by, would cost a megabyte. */
export const agentClock: Clock = { ...systemClock, monotonic: () => Number(process.hrtime.bigint()) / NANOSECONDS_PER_MS };
