/** Agents that keep states keep an hour of them (docs/formats/late-states.md). */
const KEPT_MS = 3_600_000;
/** An agent that hands over begins with it at once; one that has not begun by then is none. */
const BEGINS_WITHIN_MS = 60_000;

/** What is still to come late from each server. */
export interface Arrears {
  /** Its states come. */
  connected(serverId: number): void;
  /** They do not any more. */
  disconnected(serverId: number): void;
  /** It handed over, and said how many states follow. */
  handedOver(serverId: number, remaining: number): void;
  /** From when on states may still come, Unix milliseconds: now, where none are expected. */
  from(serverId: number): number;
  forget(serverId: number): void;
}

interface Account {
  /** Since when its states come; undefined while they do not. */
  connectedAt: number | undefined;
  /** Whether it is an agent that hands over. */
  keeps: boolean;
  /** Everything from before this connection was told. */
  isSettled: boolean;
  /** Until when everything was told. */
  settledUntil: number;
}

export interface ArrearsDeps {
  readonly now: () => number;
  /** Unix milliseconds of the last state that came as it was measured; 0 when none did. */
  readonly lastReport: (serverId: number) => number;
  /** States that are older are not taken. */
  readonly longestMs: number;
}

/** Nothing is known of a server that has not connected since the dashboard started: it may be one that keeps states. */
export function createArrears({ now, lastReport, longestMs }: ArrearsDeps): Arrears {
  const accounts = new Map<number, Account>();
  const accountOf = (serverId: number): Account => {
    const known = accounts.get(serverId);
    if (known !== undefined) return known;
    const account = { connectedAt: undefined, keeps: false, isSettled: false, settledUntil: 0 };
    accounts.set(serverId, account);
    return account;
  };
  /** A connection whose cable was cut looks alive for a while, so it is the last state that counts. */
  const settledUntil = (serverId: number, account: Account): number =>
    account.isSettled ? Math.max(account.settledUntil, lastReport(serverId)) : account.settledUntil;
  const endConnection = (serverId: number, account: Account): void => {
    account.settledUntil = settledUntil(serverId, account);
    account.isSettled = false;
    account.connectedAt = undefined;
  };
  const isKeeper = ({ keeps, connectedAt }: Account): boolean =>
    keeps || (connectedAt !== undefined && now() - connectedAt < BEGINS_WITHIN_MS);

  return {
    connected(serverId) {
      const account = accountOf(serverId);
      if (account.connectedAt !== undefined) endConnection(serverId, account);
      account.connectedAt = now();
    },
    disconnected: (serverId) => endConnection(serverId, accountOf(serverId)),
    handedOver(serverId, remaining) {
      const account = accountOf(serverId);
      account.keeps = true;
      account.isSettled = remaining === 0;
      if (account.isSettled) account.settledUntil = now();
    },
    from(serverId) {
      const account = accounts.get(serverId);
      if (account === undefined) return now() - KEPT_MS;
      if (!isKeeper(account)) return now();
      const begin = account.isSettled ? now() : (account.connectedAt ?? now());
      return Math.max(settledUntil(serverId, account), begin - KEPT_MS, now() - longestMs);
    },
    forget: (serverId) => void accounts.delete(serverId),
  };
}
