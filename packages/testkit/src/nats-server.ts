import { connect } from "node:net";
import { startServerProgram } from "./server-program.ts";
import type { ServerProgram } from "./server-program.ts";
import { unusedPort } from "./unused-port.ts";

/** A NATS server of the system's package on a port of its own. */
export interface NatsServer extends Pick<ServerProgram, "signal"> {
  readonly port: number;
  /** Starts it again on the same port after `stop`. */
  start(): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** @param credentials `user:password` that clients have to give */
export async function startNatsServer(credentials?: string): Promise<NatsServer> {
  const port = await unusedPort();
  const [user, password] = credentials?.split(":") ?? [];
  const signIn = user === undefined || password === undefined ? [] : ["--user", user, "--pass", password];
  const start = (): Promise<ServerProgram> =>
    startServerProgram({
      command: "/usr/sbin/nats-server",
      args: ["-a", "127.0.0.1", "-p", String(port), ...signIn],
      isReady: () => answers(port),
    });
  let program = await start();
  return {
    port,
    async start() {
      program = await start();
    },
    stop: (signal) => program.stop(signal),
    signal: (signal) => program.signal(signal),
  };
}

/** The server speaks first. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (said: boolean): void => {
      socket.destroy();
      resolve(said);
    };
    socket.once("data", () => end(true)).once("error", () => end(false));
  });
}
