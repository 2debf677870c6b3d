import { connect, createServer } from "node:net";
import type { Socket } from "node:net";

/** A stretch of network between an agent and a dashboard. */
export interface Relay {
  readonly address: string;
  /** From now on nothing gets through, in either direction, and nobody is told. */
  cutCable(): void;
  close(): Promise<void>;
}

export async function startRelay(target: string): Promise<Relay> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const [host = "", port] = target.split(":");
    const far = connect(Number(port), host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (bytes) => {
        if (!isCut) to.write(bytes);
      });
      from.on("error", () => undefined);
      from.on("close", () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    address: `127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`,
    cutCable: () => {
      isCut = true;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
