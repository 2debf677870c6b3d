import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** For tests: what agents dial, on ports of its own. */
export interface Backends {
  backend(handle: RequestListener): Promise<{ server: Server; port: number }>;
  /** A backend that does as it is told with every connection. */
  tcpBackend(handle: (socket: Socket) => void): Promise<number>;
  /** A backend that answers the first bytes of every connection with the same ones, and closes. */
  rawBackend(bytes: string): Promise<number>;
}

/** `close` ends all that were opened. */
export function createBackends() {
  const running: { close(): unknown }[] = [];
  const listen = async (server: Server | ReturnType<typeof createTcpServer>): Promise<number> => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const open: Backends = {
    async backend(handle) {
      const server = createServer(handle);
      running.push({ close: () => server.close() && server.closeAllConnections() });
      return { server, port: await listen(server) };
    },
    async tcpBackend(handle) {
      const server = createTcpServer((socket) => {
        socket.on("error", () => undefined);
        handle(socket);
      });
      running.push(server);
      return listen(server);
    },
    rawBackend: (bytes) => open.tcpBackend((socket) => void socket.once("data", () => socket.end(bytes, "latin1"))),
  };
  return {
    open,
    close(): void {
      for (const backend of running) backend.close();
    },
  };
}
