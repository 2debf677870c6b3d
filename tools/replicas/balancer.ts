import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** What a plain TCP balancer does: connections in turn to those that are ready, which it asks every second. */
export interface Balancer {
  readonly port: number;
  /** Port of the dashboard that a connection goes to, by the port of its near end. */
  backendOf(localPort: number): number | undefined;
  /** Dashboards that get connections. */
  ready(): readonly number[];
  close(): Promise<void>;
}

const LOOK_MS = 1_000;
const PATIENCE_MS = 2_000;

export async function openBalancer(backends: readonly number[]): Promise<Balancer> {
  const ready = new Set<number>();
  const taken = new Map<number, number>();
  const open = new Set<Socket>();
  let turn = 0;

  const look = async (backend: number): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${backend}/readyz`, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok === true) ready.add(backend);
    else ready.delete(backend);
  };
  const lookAtAll = (): Promise<unknown> => Promise.all(backends.map(look));
  const server = createServer((near) => {
    const able = backends.filter((backend) => ready.has(backend));
    const backend = able[turn++ % Math.max(able.length, 1)];
    if (backend === undefined) return near.destroy();
    const far = connect(backend, "127.0.0.1");
    const place = near.remotePort ?? 0;
    taken.set(place, backend);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        open.delete(socket);
        other.destroy();
        if (taken.get(place) === backend) taken.delete(place);
      });
      socket.pipe(other);
    }
    return undefined;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  await lookAtAll();
  const timer = setInterval(() => void lookAtAll(), LOOK_MS);
  return {
    port: (server.address() as AddressInfo).port,
    backendOf: (localPort) => taken.get(localPort),
    ready: () => [...ready],
    async close() {
      clearInterval(timer);
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, "close");
    },
  };
}
