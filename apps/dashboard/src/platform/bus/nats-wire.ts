import type { NatsConnection } from "@nats-io/transport-node";
import type { Clock } from "@windfire/kit";
import type { BusAddress } from "./address.ts";
import { createAttempts } from "./attempts.ts";
import { createTaken } from "./taken.ts";
import type { Wire, WireState } from "./wire.ts";

/** A server that does not answer two of these is gone. */
const PING_MS = 2_000;
const PINGS_OUT = 2;
const CONNECT_MS = 5_000;
/** Of servers that do not say. */
const USUAL_LARGEST = 1024 * 1024;

export interface NatsWireDeps {
  readonly address: BusAddress;
  readonly clock: Pick<Clock, "setTimeout">;
  readonly random: () => number;
  readonly log: { info(text: string): void; warn(text: string, details?: Readonly<Record<string, unknown>>): void };
  readonly onError: (error: unknown) => void;
}

interface Joined {
  readonly connection: NatsConnection;
  readonly largest: number;
  readonly taken: ReturnType<typeof createTaken>;
}

/**
 * Core NATS. Connections are made here again and again, not by the library: what it would keep for the next one is out of date by then,
 * and has no bound.
 */
export function createNatsWire({ address, clock, random, log, onError }: NatsWireDeps): Wire {
  const listeners = new Map<string, (bytes: Uint8Array) => void>();
  const hearers: ((state: WireState) => void)[] = [];
  let joined: Joined | undefined;

  const become = (next: Joined | undefined): void => {
    joined = next;
    for (const hear of hearers) {
      try {
        hear(next === undefined ? "lost" : "connected");
      } catch (error) {
        onError(error);
      }
    }
  };
  const attempt = async (onConnected: () => void): Promise<void> => {
    const connection = await connectTo(address);
    try {
      if (attempts.isStopped) return;
      for (const [subject, take] of listeners)
        connection.subscribe(subject, { callback: (error, message) => (error ? onError(error) : take(message.data)) });
      await connection.flush();
      onConnected();
      const largest = connection.info?.max_payload ?? USUAL_LARGEST;
      become({ connection, largest, taken: createTaken(() => connection.flush()) });
      log.info("the bus is connected");
      const why = await connection.closed();
      if (!attempts.isStopped) log.warn("the bus is lost", { reason: reasonOf(why) });
    } finally {
      if (joined) become(undefined);
      await connection.close();
    }
  };
  const onFailed = (error: unknown): void =>
    log.warn("what bus: names cannot be reached", { servers: address.servers.join(", "), reason: reasonOf(error) });
  const attempts = createAttempts({ clock, random, attempt, onFailed });

  return {
    get state() {
      return joined === undefined ? "lost" : "connected";
    },
    get largest() {
      return joined?.largest ?? USUAL_LARGEST;
    },
    get waiting() {
      return joined?.taken.waiting ?? 0;
    },
    send(subject, bytes) {
      if (joined === undefined || joined.connection.isClosed()) return;
      joined.connection.publish(subject, bytes);
      joined.taken.add(bytes.length);
    },
    listen: (subject, take) => void listeners.set(subject, take),
    onState: (hear) => void hearers.push(hear),
    start: attempts.start,
    async stop() {
      attempts.stop();
      await joined?.connection.close();
      await attempts.over();
    },
  };
}

/** The library is loaded by whoever has a bus. */
async function connectTo({ servers, user, password, token, tls }: BusAddress): Promise<NatsConnection> {
  const { connect } = await import("@nats-io/transport-node");
  return connect({
    servers: [...servers],
    name: "windfire",
    reconnect: false,
    noEcho: true,
    noAsyncTraces: true,
    pingInterval: PING_MS,
    maxPingOut: PINGS_OUT,
    timeout: CONNECT_MS,
    ...(tls ? { tls: {} } : {}),
    ...(user === undefined || password === undefined ? {} : { user, pass: password }),
    ...(token === undefined ? {} : { token }),
  });
}

function reasonOf(why: unknown): string {
  return why instanceof Error ? why.message : "closed";
}
