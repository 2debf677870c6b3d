import type { GeoAddress, HostInfo, HostState, LoadStanding } from "#features/servers";
import type { TrafficRecord } from "#features/traffic";

/**
 * How one replica stands to one server's agent. Session numbers grow across all replicas: the agent is where the greatest one is, so that a
 * connection that died without a word never wins over the one that took its place. 0: there was none.
 */
export interface Holding {
  /** Of the task stream. */
  readonly taskSession: number;
  /** That stream is open. */
  readonly isOnline: boolean;
  /** Of the stream of states. */
  readonly stateSession: number;
  readonly isReporting: boolean;
}

export const NOTHING_HELD: Holding = { taskSession: 0, isOnline: false, stateSession: 0, isReporting: false };

/** What a replica tells of a server: how it stands to its agent, and what is new of the rest. */
export interface ServerNews extends Holding {
  readonly id: number;
  /** Milliseconds since the last state. */
  readonly age?: number;
  readonly host?: HostInfo;
  readonly state?: HostState;
  /** How the last state and those before it stand to the limits of load. */
  readonly load?: readonly LoadNews[];
  readonly address?: GeoAddress;
  readonly traffic?: TrafficRecord;
}

/** A standing, without a word of whose clock it is. */
export interface LoadNews extends Omit<LoadStanding, "since"> {
  /** So long before the last state its figure came to the other side of the limit, milliseconds. */
  readonly lasted: number | undefined;
}

/** Streams of people that a replica keeps, and who looks on. */
export interface StreamCounts {
  readonly total: number;
  /** By the user who opened them; those of the dashboard itself are in no entry. */
  readonly users: ReadonlyMap<number, number>;
  /** People who look at all servers there. */
  readonly viewers: number;
}

/** One message of the feed of a replica; numbers follow each other without a gap. */
export interface FeedMessage {
  readonly number: number;
  readonly streams: StreamCounts;
  readonly servers: readonly ServerNews[];
}
