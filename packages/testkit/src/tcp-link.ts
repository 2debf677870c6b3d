import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** A way to a TCP server that can be cut. */
export interface TcpLink {
  readonly port: number;
  /** Nothing goes through, and nobody is told: neither what is sent nor the end of a connection is answered. */
  cut(): void;
  /** New connections go through; those from before end, as they do when a network is back after a long time. */
  heal(): void;
  /** Bytes that went through, both ways. */
  bytes(): number;
  close(): Promise<void>;
}

/** Passes connections on to a port of the loopback interface. */
export async function openTcpLink(target: number): Promise<TcpLink> {
  const open = new Set<Socket>();
  let isCut = false;
  let bytes = 0;
  const pass = (from: Socket, to: Socket): void => {
    from.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (!isCut && !to.write(chunk)) from.pause();
    });
    to.on("drain", () => from.resume());
    from.on("end", () => (isCut ? undefined : to.end()));
    from.on("error", () => undefined);
    from.on("close", () => {
      open.delete(from);
      if (!isCut) to.destroy();
    });
    open.add(from);
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    if (isCut) {
      open.add(near.on("error", () => undefined));
      return;
    }
    const far = connect({ port: target, host: "127.0.0.1", allowHalfOpen: true });
    pass(near, far);
    pass(far, near);
  });
  const drop = (): void => {
    for (const socket of open) socket.destroy();
    open.clear();
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => void (isCut = true),
    heal() {
      isCut = false;
      drop();
    },
    bytes: () => bytes,
    async close() {
      server.close();
      drop();
      await once(server, "close");
    },
  };
}
