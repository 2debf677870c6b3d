import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FOLLOW_PARENT } from "./launch.mjs";

const NODE_MJS = fileURLToPath(new URL("./node.mjs", import.meta.url));
const WINDFIRE_MJS = fileURLToPath(new URL("./windfire.mjs", import.meta.url));

let folder: string;
let program: string;
let parent: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launch-"));
  program = join(folder, "program.mjs");
  await writeFile(
    program,
    `if (process.argv[2] === "stay") {
       process.on("SIGTERM", () => { console.log("stopping"); process.exit(9); });
       setInterval(() => {}, 1e6);
     }
     console.log(JSON.stringify({ argv: process.argv.slice(1), told: process.env.${FOLLOW_PARENT} ?? null }));
     if (process.argv[2] === "fail") process.exitCode = 3;`,
  );
  parent = join(folder, "parent.mjs");
  await writeFile(
    parent,
    `import { spawn } from "node:child_process";
     spawn(process.execPath, process.argv.slice(2), { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ${FOLLOW_PARENT}: "1" } });
     setInterval(() => {}, 1e6);`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

function run(args: string[]) {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    line: async () => String((await lines.next()).value),
    exit: once(child, "exit") as Promise<[number | null, string | null]>,
  };
}

test("the program finds itself and its arguments where they belong, and its exit code is ours", async () => {
  const { line, exit } = run([NODE_MJS, program, "fail", "--flag"]);
  expect(JSON.parse(await line())).toMatchObject({ argv: [program, "fail", "--flag"], told: null });
  expect((await exit)[0]).toBe(3);
});

test("a signal reaches the program", async () => {
  const { child, line, exit } = run([NODE_MJS, program, "stay"]);
  await line();
  child.kill("SIGTERM");
  expect(await line()).toBe("stopping");
  expect((await exit)[0]).toBe(9);
});

test("a program that follows its parent stops by itself when the parent is killed", async () => {
  const { child, line } = run([parent, NODE_MJS, program, "stay"]);
  await line();
  child.kill("SIGKILL");
  expect(await line()).toBe("stopping");
});

test("without a program, or with an unknown command, usage and exit code 2", async () => {
  expect((await run([NODE_MJS]).exit)[0]).toBe(2);
  expect((await run([WINDFIRE_MJS, "no-such"]).exit)[0]).toBe(2);
  expect((await run([WINDFIRE_MJS, "--help"]).exit)[0]).toBe(0);
});
