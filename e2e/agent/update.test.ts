import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApi } from "../api.ts";
import { ADMIN, openDashboard } from "../dashboard.ts";
import type { Dashboard } from "../dashboard.ts";
import { openPackedAgent } from "./packed-agent.ts";
import { signManifest } from "./signed-manifest.ts";

const MAKE = fileURLToPath(new URL("../../apps/agent/release-manifest.ts", import.meta.url));

let dashboard: Dashboard;
let folder: string;
let releases: Server;
/** What is served, by name. */
const served = new Map<string, Buffer>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "windfire-update-"));
  dashboard = await openDashboard();
  releases = createServer((request, response) => {
    const body = served.get(request.url?.slice(1) ?? "");
    if (body === undefined) response.writeHead(404).end();
    else response.end(body);
  });
  await new Promise<void>((resolve) => releases.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  releases.close();
  await dashboard.close();
  rmSync(folder, { recursive: true, force: true });
});

async function node(...args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  return text;
}

/** Serves the packed agent as another version, or one that ends as soon as it starts. */
function publish(version: string, bundle: Buffer, broken: boolean): void {
  const files = JSON.parse(gunzipSync(bundle).toString("utf8")) as Record<string, string>;
  if (broken) files["agent.cjs"] = Buffer.from("process.exit(3)").toString("base64");
  const body = gzipSync(JSON.stringify(files));
  const release = { version, file: "next.bundle", sha256: createHash("sha256").update(body).digest("hex"), size: body.length };
  served.set("next.bundle", body);
  served.set("agent-manifest.json", Buffer.from(signManifest(release, readFileSync(join(folder, "key.pem"), "utf8"))));
}

test("an installed agent goes up to a version that works, and comes back from one that does not", async () => {
  // Only to have it packed; what runs is what was unpacked.
  const packed = await openPackedAgent({ folder, config: "server: x\n" });
  await packed.stop();
  const root = join(folder, "installed");
  await packed.command("unpack", root);
  const made = await node(MAKE, "--key", join(folder, "key.pem"), "--out", join(folder, "release"));
  const installed = /^version +(\S+)$/m.exec(made)?.[1];
  const key = /^key +(\S+)$/m.exec(made)?.[1] ?? "";
  const bundle = readFileSync(/^bundle +(\S+) /m.exec(made)?.[1] ?? "");
  const address = releases.address();
  const port = typeof address === "object" ? address?.port : 0;
  const config = join(folder, "installed.yml");
  writeFileSync(
    config,
    `# windfire agent
server: ${dashboard.target}
client_secret: ${dashboard.agentSecret}
uuid: 3f2b8c1e-5a77-4d0e-9b1c-0d6a2e4f8a90
custom_ip_api:
  - http://127.0.0.1:9/
permits:
  update: true
update:
  manifest: http://127.0.0.1:${port}/agent-manifest.json
  key: ${key}
`,
  );
  /** As a service manager does: whatever ends is started again. */
  let isWanted = true;
  let child: ChildProcess | undefined;
  let output = "";
  const keep = (): void => {
    const started = spawn(process.execPath, [join(root, "agent.cjs"), "-c", config], { stdio: ["ignore", "pipe", "ignore"] });
    child = started;
    started.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    started.once("close", () => {
      if (isWanted) keep();
    });
  };
  keep();
  const api = await createApi(dashboard.base, ADMIN);
  const state = (): unknown => JSON.parse(readFileSync(join(root, "state.json"), "utf8"));
  const connected = (): number => output.split(" connected\n").length - 1;
  const force = async (): Promise<unknown> => {
    const [row] = await api.get<{ id: number }[]>("/server");
    return api.post("/force-update/server", [row?.id]);
  };

  await expect.poll(connected).toBe(1);
  publish("99.0.0", bundle, false);
  await force();
  await expect.poll(state).toMatchObject({ current: "99.0.0", previous: installed, refused: [] });
  await expect.poll(state).not.toHaveProperty("trial");
  await expect.poll(() => output).toContain("the new version reports\n");
  await expect.poll(connected).toBe(3);

  publish("99.0.1", bundle, true);
  await force();
  await expect.poll(state).toEqual({ current: "99.0.0", refused: ["99.0.1"] });
  expect(output).toContain("the new version ended by itself; the one before is taken back");
  await expect.poll(connected).toBe(4);
  isWanted = false;
  child?.kill("SIGTERM");
}, 90_000);
