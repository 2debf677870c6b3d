import { readFile } from "node:fs/promises";
import { afterEach, expect, test, vi } from "vitest";
import { CommandEnd, readArguments, readOptions, runCommand } from "./command-line.ts";

const exitCode = process.exitCode;
const umask = process.umask();
afterEach(() => {
  process.exitCode = exitCode;
  process.umask(umask);
  vi.restoreAllMocks();
});

async function saidBy(run: () => Promise<number>): Promise<[unknown, string]> {
  let said = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
  await runCommand("look", run);
  return [process.exitCode, said];
}

test("a file that is not there is named in plain words", async () => {
  const [code, said] = await saidBy(async () => (await readFile("/no/such/file", "utf8")).length);
  expect([code, said]).toEqual([1, "windfire look: /no/such/file: there is no such file or folder\n"]);
});

test("other faults keep their own words", async () => {
  expect(await saidBy(() => Promise.reject(new Error("out of luck")))).toEqual([1, "windfire look: out of luck\n"]);
});

test("an unknown flag is named, with one dash or two, and nothing else", () => {
  for (const flag of ["-bogus", "--bogus"]) {
    expect(() => readArguments([flag], "usage", {})).toThrow(new CommandEnd(2, "Unknown option '--bogus'\n\nusage"));
  }
});

test("a command that takes options alone refuses anything else", () => {
  expect(readOptions(["-x"], "usage", { x: { type: "boolean" } }).flag("x")).toBe(true);
  expect(() => readOptions(["x"], "usage", {})).toThrow(new CommandEnd(2, "unexpected argument x\n\nusage"));
});
