import type { spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { killTree } from "./process-group.ts";

test("on Windows what a program has started ends with it, and nothing is ended once it is gone", () => {
  const started: unknown[] = [];
  const start = (...call: unknown[]): EventEmitter => {
    started.push(call);
    return new EventEmitter();
  };
  const kill = (leader: Parameters<typeof killTree>[0]): void => killTree(leader, start as unknown as typeof spawn);
  kill({ pid: 4711, exitCode: 0, signalCode: null });
  kill({ pid: 4711, exitCode: null, signalCode: "SIGKILL" });
  kill({});
  expect(started).toEqual([]);
  kill({ pid: 4711, exitCode: null, signalCode: null });
  expect(started).toEqual([["taskkill.exe", ["/pid", "4711", "/t", "/f"], { stdio: "ignore", windowsHide: true }]]);
});
