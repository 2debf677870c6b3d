import type { Clock } from "@windfire/kit";
import type { JoinCount } from "#platform/bus";

interface Window {
  start: number;
  count: number;
}

interface Budget {
  readonly second: Window;
  readonly minute: Window;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const PER_SECOND = 10;
const PER_MINUTE = 120;

/**
 * The budget of each token: two fixed windows that begin with the first request after the one before has ended (spec 40 section 6).
 * Only what is allowed counts. Bounded by the tokens that exist; idle ones are forgotten. Where several dashboards share it, each counts
 * what the others allowed: too much gets through only within the time of a message.
 */
export function createRateLimit(deps: { readonly clock: Pick<Clock, "monotonic">; readonly share?: JoinCount }) {
  const budgets = new Map<number, Budget>();
  let pruned = deps.clock.monotonic();

  const prune = (now: number): void => {
    if (now - pruned < MINUTE_MS) return;
    pruned = now;
    for (const [id, { minute }] of budgets) if (now - minute.start >= MINUTE_MS) budgets.delete(id);
  };
  const budgetOf = (id: number, now: number): Budget => {
    prune(now);
    const budget = budgets.get(id) ?? { second: { start: now, count: 0 }, minute: { start: now, count: 0 } };
    budgets.set(id, budget);
    renew(budget.second, SECOND_MS, now);
    renew(budget.minute, MINUTE_MS, now);
    return budget;
  };
  const spend = (budget: Budget, requests: number): void => {
    budget.second.count += requests;
    budget.minute.count += requests;
  };
  const tell = deps.share?.((key, requests) => {
    const tokenId = Number(key);
    if (Number.isSafeInteger(tokenId) && requests > 0) spend(budgetOf(tokenId, deps.clock.monotonic()), requests);
  });
  return {
    get size() {
      return budgets.size;
    },
    /** 0 when a request is allowed, else the whole seconds after which to try again. */
    take(tokenId: number): number {
      const now = deps.clock.monotonic();
      const budget = budgetOf(tokenId, now);
      const { second, minute } = budget;
      if (minute.count >= PER_MINUTE) return Math.max(1, Math.ceil((minute.start + MINUTE_MS - now) / 1000));
      if (second.count >= PER_SECOND) return 1;
      spend(budget, 1);
      tell?.(String(tokenId), 1);
      return 0;
    },
  };
}

export type RateLimit = ReturnType<typeof createRateLimit>;

function renew(window: Window, length: number, now: number): void {
  if (now - window.start < length) return;
  window.start = now;
  window.count = 0;
}
