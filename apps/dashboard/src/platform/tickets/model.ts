/** What is handed out for a while and works once: the state of a sign-in elsewhere, a challenge for an authenticator. */
export interface TicketKind {
  /** In the table; never renamed. */
  readonly name: string;
  readonly lifeMs: number;
  /** Kept at most; the oldest goes. */
  readonly most: number;
  /** The same of one holder, where that is said: whoever floods pushes out the own ones. */
  readonly mostOfHolder?: number;
}

/** Tickets of one kind. `key` is what only their holder knows. */
export interface Tickets<T> {
  put(key: string, value: T, holder?: string): Promise<void>;
  /** Uses one up that fits; `undefined` for one that does not, or is used, too old or unknown. One that does not fit stays. */
  take(key: string, fits: (value: T) => boolean): Promise<T | undefined>;
  /** Whether it may still be used, from memory. */
  has(key: string): boolean;
}

/** Opens a kind of tickets; its values are JSON. */
export type TicketOffice = <T>(kind: TicketKind) => Promise<Tickets<T>>;
