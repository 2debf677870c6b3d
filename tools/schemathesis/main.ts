import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createApi } from "../../e2e/api.ts";
import { ADMIN, openStage } from "../../e2e/stage.ts";
import type { Stage } from "../../e2e/stage.ts";
import { addCounts, NO_COUNTS, RESULTS_FOLDER, writeCounts } from "../results.ts";
import type { Counts } from "../results.ts";
import { readSummary } from "./summary.ts";

const CHECKS = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
];
/** Generated requests of each operation, besides the ones for its examples and the limits of its values. */
const EXAMPLES = 20;
const SEED = 20260518;

/**
 * Operations that are left out: they end the session that everything else is asked with, or start the dashboard anew on the backup that
 * another operation has prepared. Others that look as dangerous are not:
 * the own account cannot be deleted, the own address not be blocked, a profile needs the old password, and settings need the name of a
 * theme, which nobody guesses.
 */
const LEFT_OUT = ["logout", "session/{id}", "session/end-others", "user/{id}/end-sessions", "backup/restore/apply"].map(
  (path) => `/api/v1/${path}`,
);

const MEMBER = { username: "fuzzed-member", password: "member-password" };

/** Rows of every kind, so that ids that are tried exist. */
async function fill({ admin }: Stage): Promise<void> {
  const group = await admin.post("/notification-group", { name: "group", notifications: [] });
  await admin.post("/notification", {
    name: "channel",
    url: "https://example.invalid/",
    request_method: 1,
    request_type: 1,
    skip_check: true,
  });
  await admin.post("/server-group", { name: "servers", servers: [1] });
  await admin.post("/service", { name: "service", type: 3, target: "127.0.0.1:9", duration: 30, cover: 0 });
  await admin.post("/cron", {
    name: "cron",
    task_type: 0,
    scheduler: "0 0 3 * * *",
    command: "true",
    servers: [1],
    cover: 0,
    notification_group_id: group,
  });
  await admin.post("/alert-rule", { name: "rule", enable: true, rules: [{ type: "cpu", max: 90, duration: 3, cover: 0 }] });
  await admin.post("/ddns", { name: "profile", provider: "dummy", max_retries: 3, domains: ["a.example.com"] });
  await admin.post("/nat", { name: "tunnel", host: "127.0.0.1:9", domain: "tunnel.example.com", server_id: 1, enabled: false });
}

interface Run {
  readonly program: string;
  readonly folder: string;
  readonly base: string;
  readonly token: string;
}

/** One pass over the whole description as one user. */
async function runAs({ program, folder, base, token }: Run): Promise<Counts> {
  const options = [
    ["--url", base],
    ["--header", `Authorization: Bearer ${token}`],
    ["--checks", CHECKS.join(",")],
    ["--phases", "examples,coverage,fuzzing"],
    ["--max-examples", String(EXAMPLES)],
    ["--seed", String(SEED)],
    ["--workers", "1"],
    ["--request-timeout", "15"],
    ["--warnings", "off"],
    ["--no-shrink"],
    ...LEFT_OUT.map((path) => ["--exclude-path", path]),
  ].flat();
  const child = spawn(program, ["run", join(folder, "openapi.json"), ...options], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  const counts = readSummary(output);
  if (code !== 0 || counts === undefined || counts.failed > 0) console.log(output);
  if (counts === undefined) return { passed: 0, failed: 1 };
  return code !== 0 && counts.failed === 0 ? addCounts(counts, { passed: 0, failed: 1 }) : counts;
}

/** Nothing that was tried may have locked out who tried it. */
async function stillSignedIn(base: string, token: string): Promise<Counts> {
  const response = await fetch(`${base}/api/v1/profile`, { headers: { authorization: `Bearer ${token}` } });
  const { success } = (await response.json()) as { success: boolean };
  if (!success) console.log("the session did not survive its own requests");
  return success ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Everything as one user, on a dashboard of its own: what one pass deletes, another one does not miss. */
async function pass(name: "admin" | "member", program: string, folder: string): Promise<Counts> {
  const stage = await openStage({ agents: 1 });
  try {
    await fill(stage);
    await mkdir(folder);
    await writeFile(join(folder, "openapi.json"), await (await fetch(`${stage.base}/api/openapi.json`)).text());
    if (name === "member") await stage.admin.post("/user", { ...MEMBER, role: 1 });
    const { token } = await createApi(stage.base, name === "member" ? MEMBER : ADMIN);
    const counts = addCounts(await runAs({ program, folder, base: stage.base, token }), await stillSignedIn(stage.base, token));
    console.log(`as ${name}: ${counts.passed} passed, ${counts.failed} failed`);
    return counts;
  } finally {
    await stage.close();
  }
}

const [program, folder] = process.argv.slice(2);
if (program === undefined || folder === undefined) {
  console.error("usage: main.ts <schemathesis program> <empty folder>; tools/schemathesis/run provides both");
  process.exitCode = 2;
} else {
  await mkdir(RESULTS_FOLDER, { recursive: true });
  const passes = (["admin", "member"] as const).map((name) => pass(name, program, join(folder, name)));
  const counts = (await Promise.all(passes)).reduce(addCounts, NO_COUNTS);
  await writeCounts("schemathesis", counts);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  if (counts.failed > 0) process.exitCode = 1;
}
