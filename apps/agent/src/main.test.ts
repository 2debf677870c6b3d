import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";
import { createLog, utcText } from "./log.ts";
import { startFakeDashboard } from "./testing/fake-dashboard.ts";
import type { FakeDashboard } from "./testing/fake-dashboard.ts";
import { TEST_SECRET } from "./testing/test-agent.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

let dashboard: FakeDashboard;
let folder: string;
beforeAll(async () => {
  dashboard = await startFakeDashboard();
  folder = mkdtempSync(join(tmpdir(), "agent-main-"));
});
afterAll(async () => {
  await dashboard.close();
  rmSync(folder, { recursive: true });
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function startMain(args: readonly string[], environment: Record<string, string> = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env: { PATH: process.env["PATH"], ...environment } });
  let output = "";
  let errors = "";
  child.stdout.on("data", (text: Buffer) => (output += text.toString()));
  child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
  const ended = new Promise<Ended>((resolve) => child.once("close", (code) => resolve({ code, output, errors })));
  return { child, ended };
}

test("the program reports this machine, and ends within a second of SIGTERM with exit code 0", async () => {
  const environment = {
    NZ_SERVER: dashboard.address,
    NZ_CLIENT_SECRET: TEST_SECRET,
    NZ_REPORT_DELAY: "1",
    NZ_CUSTOM_IP_API: "http://127.0.0.1:1/",
  };
  const { child, ended } = startMain(["-c", "agent.yml"], environment);
  const { message: host } = await dashboard.next("Host");
  const { message: state } = await dashboard.next("State");
  const uuid = /uuid: "?([^"\n]+)/.exec(readFileSync(join(folder, "agent.yml"), "utf8"))?.[1];
  expect(dashboard.heard.find((one) => one.kind === "open")?.headers["client-uuid"]).toBe(uuid);
  expect(host.memTotal).toBeGreaterThan(0);
  expect(host.cpu.length).toBeGreaterThan(0);
  expect(host.version).toMatch(/^2\.\d+\.\d+\+windfire\./);
  expect(state.memUsed).toBeGreaterThan(0);
  const asked = performance.now();
  child.kill("SIGTERM");
  const { code, output } = await ended;
  expect(performance.now() - asked).toBeLessThan(1000);
  expect(code).toBe(0);
  expect(output).toContain("connected");
  expect(output).not.toContain(TEST_SECRET);
}, 20_000);

test("a configuration that is wrong ends the program with exit code 1", async () => {
  const { ended } = startMain(["-c", "wrong.yml"], { NZ_SERVER: "a:1" });
  expect(await ended).toEqual({ code: 1, output: "", errors: "init config failed: client_secret must be specified\n" });
}, 20_000);

test("the last word of the version is a semantic version", async () => {
  const { code, output } = await startMain(["-v"]).ended;
  expect(code).toBe(0);
  expect(output.trim().split(/\s+/).at(-1)).toMatch(/^\d+\.\d+\.\d+$/);
}, 20_000);

test.each<[string[], unknown]>([
  [[], { kind: "run", configPath: undefined }],
  [["-c", "a.yml"], { kind: "run", configPath: "a.yml" }],
  [["--config=b.yml"], { kind: "run", configPath: "b.yml" }],
  [["-c", "a=b.yml"], { kind: "run", configPath: "a=b.yml" }],
  [["--version"], { kind: "version" }],
  [["help"], { kind: "help" }],
  [["-c"], { kind: "wrong", error: "-c needs a file name" }],
  [["permits"], { kind: "rights", configPath: undefined, change: undefined }],
  [
    ["-c", "a.yml", "permit", "files", "/srv", "--for", "2h"],
    { kind: "rights", configPath: "a.yml", change: { verb: "permit", words: ["files", "/srv"], duration: "2h" } },
  ],
  [
    ["permit", "terminal", "--for=2h"],
    { kind: "rights", configPath: undefined, change: { verb: "permit", words: ["terminal"], duration: "2h" } },
  ],
  [["deny", "terminal"], { kind: "rights", configPath: undefined, change: { verb: "deny", words: ["terminal"], duration: undefined } }],
  [["--for", "2h"], { kind: "wrong", error: "--for belongs to permit" }],
  [["permit", "terminal", "--for"], { kind: "wrong", error: "--for needs a time such as 2h" }],
  [["permit", "--all"], { kind: "wrong", error: "unknown argument --all" }],
  [["service", "-c", "a.yml", "install"], { kind: "service", configPath: "a.yml", action: "install" }],
  [["service"], { kind: "service", configPath: undefined, action: undefined }],
  [["update"], { kind: "update", configPath: undefined, force: false }],
  [["update", "force"], { kind: "update", configPath: undefined, force: true }],
  [["unpack", "/opt/a"], { kind: "unpack", folder: "/opt/a" }],
  [["edit"], { kind: "edit", configPath: undefined }],
  [["fly"], { kind: "wrong", error: "unknown argument fly" }],
  [["find-addresses", "http://a/"], { kind: "find-addresses", pages: ["http://a/"] }],
])("%j", (args, invocation) => {
  expect(parseArguments(args)).toEqual(invocation);
});

test("times are written as dates write them", () => {
  const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: latest }), (moment) => {
      expect(utcText(moment)).toBe(new Date(moment).toISOString());
    }),
  );
});

test("a log line stays one line, and debug lines are written on demand", () => {
  const lines: string[] = [];
  let isDebug = false;
  const log = createLog({ write: (line) => lines.push(line), now: () => 0, isDebug: () => isDebug });
  log.debug("no");
  isDebug = true;
  log.debug("yes");
  log.warn("a\nb\u001b[31mc");
  log.info("x".repeat(5000));
  expect(lines.slice(0, 2)).toEqual(["1970-01-01T00:00:00.000Z debug yes\n", "1970-01-01T00:00:00.000Z warn a b [31mc\n"]);
  expect(lines[2]?.length).toBeLessThan(1100);
});
