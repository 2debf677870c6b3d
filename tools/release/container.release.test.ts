import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { artefact, DIST, emptyFolder, isInstalled, run, startDashboard, VERSION } from "./testing/artefacts.ts";

/**
 * No registry is asked: what the Dockerfile stands on is made by debootstrap under the same name, and the image is built and kept without
 * a daemon. Its files are then run by bwrap, as an engine with the compose file's settings would run them.
 */
const BASE = "docker.io/library/debian:bookworm-slim";
const DEB = artefact(`windfire_${VERSION}_amd64.deb`);
const PROGRAMS = ["buildah", "debootstrap", "bwrap", "dpkg-deb"];
const CAN_BUILD = process.platform === "linux" && process.arch === "x64" && process.getuid?.() === 0 && PROGRAMS.every(isInstalled);
const BUILD_MS = 8 * 60_000;

function sh(folder: string, script: string, ...values: readonly string[]): { readonly code: number | null; readonly text: string } {
  return run(folder, ["sh", "-ec", script, "sh", ...values], { STORAGE_DRIVER: "vfs", BUILDAH_ISOLATION: "chroot" });
}

/** The powers that the compose file leaves. */
function powersOf(compose: string): string[] {
  const [, list = ""] = /cap_add:\n((?: +- [A-Z_]+\n?)+)/.exec(compose) ?? [];
  return [...list.matchAll(/- (?<name>[A-Z_]+)/g)].map(({ groups: { name = "" } = {} }) => name);
}

test.runIf(CAN_BUILD && existsSync(DEB))(
  "the Dockerfile builds, and what it makes runs on a root that cannot be written, says that it is well, and says when it is not",
  { timeout: BUILD_MS },
  async (context) => {
    const folder = emptyFolder();
    const made = sh(
      folder,
      "debootstrap --variant=minbase bookworm base http://deb.debian.org/debian >made.log 2>&1 || { tail -3 made.log; exit 9; }",
    );
    if (made.code === 9) context.skip(`no mirror of Debian answers: ${made.text}`);
    const buildah = ["buildah", "--root", join(folder, "store"), "--runroot", join(folder, "run")].join(" ");
    const base = `
      rm -rf base/proc/* base/sys/* base/dev/* base/var/cache/apt/archives/*.deb
      tar -C base -cf base.tar .
      container=$(${buildah} from scratch)
      ${buildah} add -q "$container" base.tar /
      ${buildah} commit -q "$container" ${BASE}`;
    expect(sh(folder, base)).toMatchObject({ code: 0 });
    const built = sh(
      folder,
      `${buildah} build --isolation chroot --format docker --pull=never --build-arg TARGETARCH=amd64 -t windfire "$1" 2>&1`,
      DIST,
    );
    expect(built).toMatchObject({ code: 0, text: expect.stringContaining("Successfully tagged") as string });
    const about = JSON.parse(sh(folder, `${buildah} inspect --type image windfire`).text) as {
      Docker: {
        config: { Healthcheck: { Test: string[] }; Entrypoint: string[]; WorkingDir: string; ExposedPorts: object; Volumes: object };
      };
    };
    const { Healthcheck: health, Entrypoint: entry, WorkingDir: work, ExposedPorts: ports, Volumes: volumes } = about.Docker.config;
    expect([work, Object.keys(ports), Object.keys(volumes)]).toEqual(["/dashboard", ["8008/tcp"], ["/dashboard/data"]]);
    const root = sh(folder, `${buildah} mount "$(${buildah} from --pull=never localhost/windfire)"`).text.trim();

    const data = join(folder, "data");
    mkdirSync(data);
    const powers = powersOf(readFileSync(artefact("compose.yaml"), "utf8"));
    expect(powers).toContain("SETUID");
    const mounts = ["--ro-bind", root, "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--bind", data, "/dashboard/data"];
    const caps = ["--cap-drop", "ALL", ...powers.flatMap((name) => ["--cap-add", `CAP_${name}`])];
    const box = ["bwrap", ...mounts, "--chdir", work, "--unshare-pid", "--die-with-parent", ...caps];
    const asked = (): number | null => run(data, [...box, ...health.Test.slice(1)], { PATH: "/usr/bin:/bin" }).code;
    const dashboard = await startDashboard(data, [...box, ...entry], { PATH: "/usr/bin:/bin" }, "/dashboard/data");
    expect([(await fetch(`${dashboard.base}/readyz`)).status, asked()]).toEqual([200, 0]);
    expect(statSync(join(data, "sqlite.db")).uid).toBe(65_532);
    dashboard.child.kill("SIGKILL");
    await expect.poll(asked, { timeout: 20_000 }).toBe(1);
    sh(folder, `${buildah} rm -a; ${buildah} rmi -a -f`);
  },
);
