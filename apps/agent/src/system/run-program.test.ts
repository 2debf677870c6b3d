import { getEventListeners } from "node:events";
import { expect, test, vi } from "vitest";
import { runProgram } from "./run-program.ts";

const timeoutMs = 20_000;

test("a program that is not there, or has come to its end, leaves nothing on a signal that lives as long as the agent", async () => {
  const { signal } = new AbortController();
  await expect(runProgram("/nonexistent/program", [], { timeoutMs, signal })).rejects.toThrow("executable file not found");
  expect(await runProgram(process.execPath, ["-e", "console.log(1)"], { timeoutMs, signal })).toBe("1\n");
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("a program ends with its signal, and does not start after it", async () => {
  const life = new AbortController();
  const started = runProgram(process.execPath, ["-e", "setInterval(() => undefined, 1000)"], { timeoutMs, signal: life.signal });
  await vi.waitFor(() => expect(getEventListeners(life.signal, "abort")).toHaveLength(1));
  life.abort();
  await expect(started).rejects.toThrow("aborted");
  await expect(runProgram(process.execPath, ["-e", ""], { timeoutMs, signal: life.signal })).rejects.toThrow("aborted");
});
