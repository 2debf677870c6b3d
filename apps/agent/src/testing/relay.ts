import { connect, createServer } from "node:net";
import type { Socket } from "node:net";

/** A stretch of network between an agent and a dashboard. */
export interface Relay {
  readonly address: string;
  /** From now on nothing gets through, in either direction, and nobody is told. */
  cutCable(): void;
  /** Every connection ends, for both sides, when so many bytes of it went this way; what is beyond them never arrives. Undefined: none does. */
  cutAfter: { readonly way: "up" | "down"; readonly bytes: number } | undefined;
  close(): Promise<void>;
}

export async function startRelay(target: string): Promise<Relay> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const [host = "", port] = target.split(":");
    const far = connect(Number(port), host);
    for (const [from, to, way] of [
      [near, far, "up"],
      [far, near, "down"],
    ] as const) {
      sockets.add(from);
      from.setNoDelay();
      let passed = 0;
      from.on("data", (bytes: Buffer) => {
        if (isCut) return;
        const left = relay.cutAfter?.way === way ? relay.cutAfter.bytes - passed : Number.POSITIVE_INFINITY;
        passed += bytes.length;
        if (left >= bytes.length) return void to.write(bytes);
        // The side that cuts has sent what came before.
        to.end(bytes.subarray(0, Math.max(0, left)));
        from.destroy();
      });
      from.on("error", () => undefined);
      from.on("close", () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const relay: Relay = {
    cutAfter: undefined,
    address: `127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`,
    cutCable: () => {
      isCut = true;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return relay;
}
