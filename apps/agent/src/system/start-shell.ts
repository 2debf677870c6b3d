import { accessSync, constants } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { IPty, spawn as spawnPty } from "@lydell/node-pty";
import type { Pty, PtyEnd, StartShell } from "../streams/terminal.ts";
import { killGroup } from "./process-group.ts";

const SIZE = { cols: 80, rows: 24 };
const TERMINAL = { TERM: "xterm-256color", COLORTERM: "truecolor", TERM_PROGRAM: "Nezha" };
const SHELLS = ["zsh", "fish", "bash", "sh"];
const WINDOWS_SHELLS = ["powershell.exe", "cmd.exe"];

export const startShell: StartShell = async () => {
  const { spawn } = await loadPty();
  const isWindows = process.platform === "win32";
  const shell = findProgram(isWindows ? WINDOWS_SHELLS : SHELLS, process.env["PATH"] ?? "");
  if (shell === undefined) throw new Error("没有可用终端 (this host has no shell)");
  const env = { ...process.env, ...TERMINAL };
  const options = { ...SIZE, name: TERMINAL.TERM, env, cwd: isWindows ? dirname(process.execPath) : process.cwd() };
  // Bytes as they come: a character may be split between two of them.
  return ptyOf(spawn(shell, [], { ...options, encoding: null }));
};

async function loadPty(): Promise<{ readonly spawn: typeof spawnPty }> {
  try {
    return await import("@lydell/node-pty");
  } catch {
    throw new Error("This agent offers no terminal: the package @lydell/node-pty is not installed for this system.");
  }
}

/** First of the programs that lies on the search path. */
export function findProgram(names: readonly string[], searchPath: string): string | undefined {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== "");
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function ptyOf(pty: IPty): Pty {
  let isOver = false;
  const ended = new Promise<PtyEnd>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      isOver = true;
      resolve({ exitCode, signal: signal ?? 0 });
    });
  });
  return {
    ended,
    onOutput: (listener) => {
      pty.onData((output: string | Uint8Array) => {
        pty.pause();
        void listener(typeof output === "string" ? Buffer.from(output) : output).then(() => pty.resume());
      });
    },
    write: (bytes) => {
      // The declaration knows texts alone; bytes pass as they are.
      if (!isOver) Reflect.apply(pty.write, pty, [Buffer.from(bytes)]);
    },
    resize: (cols, rows) => {
      if (!isOver) pty.resize(cols, rows);
    },
    waiting: () => waitingBytes(pty),
    kill: () => {
      if (process.platform !== "win32") killGroup(pty);
      // Ends what hangs on the same console too.
      else if (!isOver) pty.kill();
    },
  };
}

/** The library has no word for it, the socket below it has. */
function waitingBytes(pty: IPty): number {
  const socket: unknown = Reflect.get(pty, "_socket");
  return typeof socket === "object" && socket !== null && "writableLength" in socket ? Number(socket.writableLength) : 0;
}
