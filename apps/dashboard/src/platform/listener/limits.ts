/** Figures of spec 60 section 5 that the listener keeps to. Times in milliseconds, sizes in bytes. */
export interface ListenerLimits {
  readonly headerBytes: number;
  /** Request header, and everything else that a connection must do to become known. */
  readonly headerMs: number;
  /** A whole request; for patient ones, the time without progress. */
  readonly requestMs: number;
  /** Unknown connections of one peer before silent ones are closed. */
  readonly unknownPerPeer: number;
  /** Unknown connections of all peers; past it none is accepted. */
  readonly unknownTotal: number;
  /** Connections of all peers, known ones too; past it none is accepted. */
  readonly openTotal: number;
  /** HTTP/1.1 connections that one peer keeps between requests; past it an answer is the last on its connection. */
  readonly keptPerPeer: number;
  /** From when on a connection counts as silent. */
  readonly silentMs: number;
  /** An idle connection is kept this long. */
  readonly keepAliveMs: number;
  /** A quiet HTTP/2 connection is asked for a sign of life after this time, */
  readonly quietMs: number;
  /** and closed when none came within this one. */
  readonly pingMs: number;
  /** How often both are looked at: thousands of connections are not asked twice a second. */
  readonly lifeCheckMs: number;
}

export const DEFAULT_LIMITS: ListenerLimits = {
  headerBytes: 16 * 1024,
  headerMs: 10_000,
  requestMs: 60_000,
  unknownPerPeer: 512,
  unknownTotal: 8_192,
  openTotal: 32_768,
  keptPerPeer: 512,
  silentMs: 1_000,
  keepAliveMs: 75_000,
  quietMs: 22_000,
  pingMs: 20_000,
  lifeCheckMs: 4_000,
};

/** Counted since the start. */
export interface ListenerCounters {
  accepted: number;
  /** Not accepted because of `unknownTotal` or `openTotal`. */
  refused: number;
  /** Closed because they stayed unknown for `headerMs`. */
  late: number;
  /** Closed because they were silent and their peer had too many. */
  silent: number;
  /** Requests that did not arrive within `requestMs`. */
  slowRequests: number;
  /** HTTP/2 connections closed because no sign of life came. */
  halfOpen: number;
  /** HTTP/2 connections ended because no stream was open. */
  idle: number;
  tlsFailures: number;
}

export function newCounters(): ListenerCounters {
  return { accepted: 0, refused: 0, late: 0, silent: 0, slowRequests: 0, halfOpen: 0, idle: 0, tlsFailures: 0 };
}
