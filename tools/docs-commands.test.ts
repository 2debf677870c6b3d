import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { PassThrough } from "node:stream";
import { promisify } from "node:util";
import { systemClock } from "@windfire/kit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { unusedPort } from "@windfire/testkit";
import { startDashboard } from "./start/dashboard.ts";
import type { Program } from "./start/program.ts";

/**
 * Shell blocks of the pages that are fenced with `sh test` are run as they stand, in the working directory of a dashboard that runs, with
 * an administrator's token in `TOKEN`; `https://monitor.example.com` is that dashboard.
 */
const root = resolve(import.meta.dirname, "..");
const BLOCK = /^(?<indent> *)```sh test\n(?<text>[\s\S]*?)^\k<indent>```$/gm;
const docs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((name) => `docs/${name}`);
const blocks = ["README.md", "CONTRIBUTING.md", ...docs]
  .filter((page) => page.endsWith(".md"))
  .flatMap((page) =>
    [...readFileSync(join(root, page), "utf8").matchAll(BLOCK)].map(({ groups: { text = "" } = {} }, index) => ({
      page,
      number: index + 1,
      text,
    })),
  );
const PASSWORD = "a password of a test";
const STOP_MS = 7_000;

let place: string;
let base: string;
let token: string;
let program: Program;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "windfire-docs-"));
  const port = await unusedPort();
  base = `http://127.0.0.1:${port}`;
  await mkdir(join(place, "data"));
  await writeFile(join(place, "data/config.yaml"), `listen_host: 127.0.0.1\nlisten_port: ${port}\n`);
  const printed = new PassThrough().resume();
  const env = { ...withoutSettings(process.env), NZ_ADMIN_PASSWORD: PASSWORD };
  const file = join(root, "apps/dashboard/src/main.ts");
  const run = startDashboard({ clock: systemClock, output: printed, errors: printed, env, file }, join(place, "data"));
  ({ program } = run);
  await run.target;
  const body = JSON.stringify({ username: "admin", password: PASSWORD });
  const answer = await fetch(`${base}/api/v1/login`, { method: "POST", headers: { "content-type": "application/json" }, body });
  token = ((await answer.json()) as { data: { token: string } }).data.token;
});
afterAll(async () => {
  await program.stop(STOP_MS);
  await rm(place, { recursive: true, force: true });
});

test("the pages have commands to try", () => {
  expect(blocks.length).toBeGreaterThan(2);
});

test.each(blocks)("$page, block $number", async ({ text }) => {
  // `windfire` is how an installed one is called.
  const windfire = `windfire() { "${process.execPath}" "${join(root, "tools/windfire.mjs")}" "$@"; }`;
  const script = `set -e\n${windfire}\n${text.replaceAll("https://monitor.example.com", base).replaceAll("curl ", "curl -fsS ")}`;
  const path = `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}`;
  const env = { ...withoutSettings(process.env), PATH: path, TOKEN: token };
  await expect(promisify(execFile)("bash", ["-c", script], { cwd: place, env })).resolves.toHaveProperty("stdout");
});

/** The settings of whoever runs the tests are none of theirs. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("NZ_")));
}
