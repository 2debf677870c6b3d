import { createServer } from "node:net";
import { bindHost } from "./address.ts";

/** Whether a port can be bound now; lets go of it at once. @throws the system's error when it cannot */
export function probePort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", reject);
    const name = bindHost(host);
    server.listen({ port, ...(name === undefined ? {} : { host: name }) }, () => server.close(() => resolve()));
  });
}
