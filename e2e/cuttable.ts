import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** A way to a dashboard that can be cut as a network is: connections end without a word to either side's program. */
export interface CuttableWay {
  /** `http://127.0.0.1:<port>` */
  readonly base: string;
  /** Ends every connection that there is; new ones go through. */
  cut(): void;
  close(): Promise<void>;
}

/** @param target `http://127.0.0.1:<port>` of the dashboard */
export async function openCuttableWay(target: string): Promise<CuttableWay> {
  const open = new Set<Socket>();
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  const server = createServer((client) => {
    const upstream = connect(Number(new URL(target).port), "127.0.0.1");
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on("error", () => undefined);
      one.once("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
