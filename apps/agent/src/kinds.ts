import { TASK } from "@windfire/protocol";
import type { Clock } from "@windfire/kit";
import type { LiveConfig } from "./config/index.ts";
import type { Log } from "./log.ts";
import { connect } from "./system/connect.ts";
import { createGet } from "./system/get.ts";
import { lookUpWith, systemLookUp } from "./system/look-up.ts";
import { runProgram } from "./system/run-program.ts";
import { runShell } from "./system/run-shell.ts";
import {
  createApplyConfig,
  createCommand,
  createRunningCommands,
  createStopCommand,
  createHttpGet,
  createIcmpPing,
  createReportConfig,
  createServerTransfer,
  createTcpPing,
  createTurns,
  lazyTask,
} from "./tasks/index.ts";
import type { RunTask } from "./tasks/index.ts";

export interface KindDeps {
  readonly clock: Clock;
  readonly live: LiveConfig;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Looks for a new version of this program. */
  readonly update: () => Promise<void>;
}

/** Every kind of task that this agent carries out, by its number: a new kind is one file and one line here. */
export function createTaskKinds({ clock, live, environment, log, update }: KindDeps): ReadonlyMap<number, RunTask> {
  const lookUp = (host: string): Promise<string> => lookUpWith(host, live.current().dns);
  const files = lazyFileTasks(clock, log);
  const inTurn = createTurns(clock);
  const commands = createRunningCommands();
  const runInTurn: typeof runProgram = (file, args, limit) => inTurn(() => runProgram(file, args, limit));
  return new Map<number, RunTask>([
    [TASK.httpGet, createHttpGet(createGet(lookUp, inTurn))],
    [TASK.icmpPing, createIcmpPing({ platform: process.platform, lookUp: systemLookUp, run: runInTurn })],
    [TASK.tcpPing, createTcpPing({ clock, lookUp: systemLookUp, connect, inTurn })],
    [TASK.command, createCommand(runShell, clock, commands)],
    [TASK.stopCommand, createStopCommand(commands)],
    [
      TASK.upgrade,
      async () => {
        await update();
        return {};
      },
    ],
    [TASK.keepalive, () => ({})],
    [
      TASK.terminal,
      lazyTask(async () => {
        const [{ createTerminal }, { startShell }] = await Promise.all([
          import("./streams/terminal.ts"),
          import("./system/start-shell.ts"),
        ]);
        return createTerminal(startShell);
      }),
    ],
    [TASK.nat, lazyTask(async () => (await import("./streams/nat.ts")).createNat({ clock, lookUp }))],
    [TASK.fileManager, lazyTask(async () => (await import("./streams/file-manager.ts")).runFileManager)],
    [TASK.reportConfig, createReportConfig(live)],
    [TASK.applyConfig, createApplyConfig(live)],
    [TASK.serverTransfer, createServerTransfer(live)],
    [
      TASK.mcpExec,
      lazyTask(async () => {
        const [{ createExec }, { runExec }] = await Promise.all([import("./tasks/mcp/index.ts"), import("./system/run-exec.ts")]);
        return createExec({ run: runExec, environment, monotonic: clock.monotonic });
      }),
    ],
    ...files,
  ]);
}

/** The MCP tasks on files; those that write share their locks. */
function lazyFileTasks(clock: Clock, log: Log): [number, RunTask][] {
  const load = async () => {
    const tools = await import("./tasks/mcp/index.ts");
    return { ...tools, withLock: tools.createPathLocks(process.platform === "win32" || process.platform === "darwin") };
  };
  let loaded: ReturnType<typeof load> | undefined;
  const shared = () => (loaded ??= load());
  return [
    [TASK.mcpFsList, lazyTask(async () => (await shared()).fsList)],
    [TASK.mcpFsRead, lazyTask(async () => (await shared()).fsRead)],
    [TASK.mcpFsWrite, lazyTask(async () => shared().then(({ createFsWrite, withLock }) => createFsWrite(withLock)))],
    [TASK.mcpFsDelete, lazyTask(async () => (await shared()).fsDelete)],
    [
      TASK.mcpFsTransfer,
      lazyTask(async () => {
        const [{ createMcpTransfer }, { withLock }] = await Promise.all([import("./streams/mcp-transfer.ts"), shared()]);
        return createMcpTransfer({ clock, log, withLock });
      }),
    ],
  ];
}
