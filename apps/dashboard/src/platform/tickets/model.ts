/** What is handed out for a while and works once: the state of a sign-in elsewhere, a challenge for an authenticator, a link to a file. */
export interface TicketKind {
  /** In the table; never renamed. */
  readonly name: string;
  readonly lifeMs: number;
  /** Kept at most. */
  readonly most: number;
  /** The same of one holder, where that is said: whoever floods pushes out the own ones. */
  readonly mostOfHolder?: number;
  /** What makes room for one more: the oldest goes, or the new one is refused until an older one is used or over. */
  readonly whenFull?: "oldest-goes" | "refused";
}

export interface TicketOptions {
  /** Who gets it; "" unless told. */
  readonly holder?: string;
  /** In the place of the kind's. */
  readonly lifeMs?: number;
}

/** Tickets of one kind. `key` is what only their holder knows. */
export interface Tickets<T> {
  /** `false`: there are too many, and nothing was kept. */
  put(key: string, value: T, options?: TicketOptions): Promise<boolean>;
  /** Uses one up that fits; `undefined` for one that does not, or is used, too old or unknown. One that does not fit stays. */
  take(key: string, fits: (value: T) => boolean): Promise<T | undefined>;
  /** Whether it may still be used, from memory. */
  has(key: string): boolean;
  /** Makes all of the kind useless. @returns how many were waiting */
  clear(): Promise<number>;
}

/** Opens a kind of tickets; its values are JSON. */
export type TicketOffice = <T>(kind: TicketKind) => Promise<Tickets<T>>;
