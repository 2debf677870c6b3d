import { networkOf, refuseText, userOf } from "#kernel";
import type { AppError, Caller } from "#kernel";

/** How many WebSockets may be open (spec 60 section 3). */
export interface SocketLimits {
  readonly total: number;
  /** Of one user, tokens included; of guests, of one known address or /64, which is what one visitor has. */
  readonly perHolder: number;
}

/** The open WebSockets, counted for those who hold them. */
export interface SocketPlaces {
  /** Why one more is refused; undefined when there is room. */
  refusal(caller: Caller, ip: string): AppError | undefined;
  /** Returns what to call when it is closed. */
  take(caller: Caller, ip: string): () => void;
  readonly open: number;
  readonly refused: number;
}

export function createSocketPlaces(limits: SocketLimits): SocketPlaces {
  const holders = new Map<string, number>();
  let open = 0;
  let refused = 0;
  return {
    refusal(caller, ip) {
      const holder = holderOf(caller, ip);
      const isHeld = holder !== undefined && (holders.get(holder) ?? 0) >= limits.perHolder;
      if (!isHeld && open < limits.total) return undefined;
      refused++;
      return refuseText(isHeld ? "too many open connections of yours" : "too many open connections");
    },
    take(caller, ip) {
      const holder = holderOf(caller, ip);
      open++;
      if (holder !== undefined) holders.set(holder, (holders.get(holder) ?? 0) + 1);
      return () => {
        open--;
        const left = holder === undefined ? 0 : (holders.get(holder) ?? 1) - 1;
        if (holder === undefined) return;
        if (left === 0) holders.delete(holder);
        else holders.set(holder, left);
      };
    },
    get open() {
      return open;
    },
    get refused() {
      return refused;
    },
  };
}

/** Guests whose address is not known are told apart by nothing: a proxy brings them all. */
function holderOf(caller: Caller, ip: string): string | undefined {
  const user = userOf(caller);
  if (user) return `user ${user.id}`;
  return ip === "" ? undefined : `address ${networkOf(ip)}`;
}
