import { get } from "node:http";
import { serverFolder, startServerProgram } from "./server-program.ts";
import type { ServerProgram } from "./server-program.ts";
import { unusedPort } from "./unused-port.ts";

/** A VictoriaMetrics of a test's own on loopback. */
export interface VictoriaMetricsServer {
  readonly url: string;
  /** Points that were taken are in every answer afterwards. */
  settle(): Promise<void>;
  /** Lines of `/api/v1/export` for a selector, parsed. */
  exported(
    selector: string,
  ): Promise<{ readonly metric: Record<string, string>; readonly values: number[]; readonly timestamps: number[] }[]>;
  signal: ServerProgram["signal"];
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port and folder after a stop. */
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

const COMMAND = "/usr/bin/victoria-metrics";

/** @param flags besides port and folder; without `-retentionPeriod` points are kept for a hundred years */
export async function startVictoriaMetrics(flags: readonly string[] = []): Promise<VictoriaMetricsServer> {
  const folder = await serverFolder("victoria-metrics");
  const port = await unusedPort();
  const url = `http://127.0.0.1:${port}`;
  const retention = flags.some((flag) => flag.startsWith("-retentionPeriod=")) ? [] : ["-retentionPeriod=100y"];
  const own = [`-httpListenAddr=127.0.0.1:${port}`, `-storageDataPath=${folder.path}`, "-loggerLevel=ERROR", ...retention];
  const start = (): Promise<ServerProgram> =>
    startServerProgram({ command: COMMAND, args: [...own, ...flags], isReady: () => answers(`${url}/health`) });
  let program = await start();
  const read = async (path: string): Promise<string> => (await fetch(`${url}${path}`)).text();
  return {
    url,
    settle: async () => void (await read("/internal/force_flush")),
    exported: async (selector) => {
      const lines = (await read(`/api/v1/export?match[]=${encodeURIComponent(selector)}`)).split("\n");
      return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as never);
    },
    signal: (signal) => program.signal(signal),
    stop: (signal) => program.stop(signal),
    start: async () => void (program = await start()),
    remove: async () => {
      await program.stop("SIGKILL");
      await folder.remove();
    },
  };
}

/** Whether something answers, whatever it says: one that asks for a password is there too. */
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, (response) => {
      response.resume();
      resolve(true);
    }).on("error", () => resolve(false));
  });
}
