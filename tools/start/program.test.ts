import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { systemClock } from "@windfire/kit";
import { createFakeClock } from "@windfire/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProgram } from "./program.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "program-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function start(source: string, clock = systemClock, prefix = "") {
  const file = join(folder, `${crypto.randomUUID()}.mjs`);
  await writeFile(file, source);
  const output = new PassThrough();
  const first = Promise.withResolvers<string>();
  const program = runProgram(
    { clock, output, errors: new PassThrough() },
    { file, args: ["one"], env: process.env, prefix, onLine: first.resolve },
  );
  return { program, output, firstLine: first.promise };
}

test("its arguments arrive, its output is passed on with a prefix, its exit code is told", async () => {
  const { program, output, firstLine } = await start("console.log(process.argv[2]); process.exitCode = 4;", systemClock, "it: ");
  expect(await firstLine).toBe("one");
  expect(await program.ended).toEqual({ kind: "exit", code: 4 });
  expect(String(output.read())).toBe("it: one\n");
});

test("it is asked to stop", async () => {
  const { program, firstLine } = await start(
    "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1e6); console.log('up');",
  );
  await firstLine;
  expect(await program.stop(60_000)).toEqual({ kind: "exit", code: 0 });
});

test("one that does not listen is killed when the time is up", async () => {
  const clock = createFakeClock();
  const { program, firstLine } = await start("process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6); console.log('up');", clock);
  await firstLine;
  const stopped = program.stop(5_000);
  clock.advance(5_000);
  expect(await stopped).toEqual({ kind: "signal", signal: "SIGKILL" });
});
