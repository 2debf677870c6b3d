import type { spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { expect, test, vi } from "vitest";
import { killTree } from "./process-group.ts";

test("on Windows what a program has started ends with it, and nothing is ended once it is gone", () => {
  const start = vi.fn(() => new EventEmitter());
  const kill = (leader: Parameters<typeof killTree>[0]): void => killTree(leader, start as unknown as typeof spawn);
  kill({ pid: 4711, exitCode: 0, signalCode: null });
  kill({ pid: 4711, exitCode: null, signalCode: "SIGKILL" });
  kill({});
  expect(start).not.toHaveBeenCalled();
  kill({ pid: 4711, exitCode: null, signalCode: null });
  expect(start).toHaveBeenCalledExactlyOnceWith("taskkill.exe", ["/pid", "4711", "/t", "/f"], { stdio: "ignore", windowsHide: true });
});
