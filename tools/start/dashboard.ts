import { join } from "node:path";
import { localTarget, parseStartLine } from "./address.ts";
import { runProgram } from "./program.ts";
import type { Program, ProgramDeps } from "./program.ts";

export interface DashboardDeps extends ProgramDeps {
  readonly env: NodeJS.ProcessEnv;
  /** The dashboard's main file. */
  readonly file: string;
  /** Flags for Node itself. */
  readonly nodeFlags?: readonly string[];
}

export interface StartedDashboard {
  readonly program: Program;
  /** `host:port` under which this machine reaches it. Stays pending when it ends before it listens. */
  readonly target: Promise<string>;
}

/** One heap for all threads, as its unit of systemd has it: with one each, glibc keeps 7 MB more. */
const ONE_HEAP = { MALLOC_ARENA_MAX: "1" };

/** Starts the dashboard on a data folder that holds a configuration. `port` goes before the configured one. */
export function startDashboard(deps: DashboardDeps, data: string, port?: number): StartedDashboard {
  const started = Promise.withResolvers<string>();
  const program = runProgram(deps, {
    file: deps.file,
    args: ["-c", join(data, "config.yaml"), "-db", join(data, "sqlite.db"), ...(port === undefined ? [] : ["-port", String(port)])],
    env: { ...ONE_HEAP, ...deps.env },
    ...(deps.nodeFlags ? { nodeFlags: deps.nodeFlags } : {}),
    onLine: (line) => {
      const address = parseStartLine(line);
      if (address) started.resolve(localTarget(address));
    },
  });
  return { program, target: started.promise };
}
