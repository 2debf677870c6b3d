import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DASHBOARD_LIMITS, DASHBOARD_SANDBOX, systemdUnit } from "@windfire/service";
import { filesBelow, makeUniform, writeText } from "./tree.ts";

export interface DebianOrder {
  /** The program with its Node, as it lies below `/usr/lib/windfire`. */
  readonly tree: string;
  readonly version: string;
  /** Debian's name of the architecture. */
  readonly architecture: string;
  readonly work: string;
  readonly output: string;
  /** Unix seconds. */
  readonly time: number;
}

const PROGRAM = "/usr/lib/windfire";
const DATA = "/var/lib/windfire";
const KIB = 1024;
const SCRIPTS = fileURLToPath(new URL("./debian", import.meta.url));

/** Units of a package are the same as those that `windfire dashboard service install` writes, with the package's paths. */
const UNIT = systemdUnit({
  name: "windfire",
  description: "Windfire dashboard",
  program: `${PROGRAM}/bin/node`,
  args: [`${PROGRAM}/apps/dashboard/dist/main.js`, "-c", `${DATA}/config.yaml`, "-db", `${DATA}/sqlite.db`],
  folder: DATA,
  user: "windfire",
  sandbox: [
    ...DASHBOARD_SANDBOX,
    "StateDirectory=windfire",
    "StateDirectoryMode=0750",
    "CacheDirectory=windfire",
    "Environment=NODE_COMPILE_CACHE=%C/windfire/compiled",
    ...DASHBOARD_LIMITS,
  ],
});

/** A package for Debian and its relatives: program, command, unit of the dashboard, and a user for it. */
export function makeDebianPackage({ tree, version, architecture, work, output, time }: DebianOrder): void {
  cpSync(tree, join(work, PROGRAM), { recursive: true });
  writeText(join(work, "usr/bin/windfire"), `#!/bin/sh\nexec ${PROGRAM}/bin/node ${PROGRAM}/tools/windfire.mjs "$@"\n`);
  chmodSync(join(work, "usr/bin/windfire"), 0o755);
  writeText(join(work, "usr/lib/systemd/system/windfire.service"), UNIT);
  writeText(join(work, "usr/share/doc/windfire/copyright"), readFileSync(join(tree, "LICENSE"), "utf8"));
  const size = filesBelow(work).reduce((sum, path) => sum + Math.ceil(statSync(join(work, path)).size / KIB), 0);
  writeText(
    join(work, "DEBIAN/control"),
    `Package: windfire
Version: ${version}
Architecture: ${architecture}
Maintainer: Windfire <windfire@localhost>
Installed-Size: ${size}
Depends: libc6 (>= 2.28), libgcc-s1, libstdc++6, libatomic1, passwd
Section: net
Priority: optional
Description: monitoring and operations for fleets of servers
 One dashboard, an agent on every host. The dashboard listens on this machine
 alone until its configuration says otherwise.
`,
  );
  for (const name of readdirSync(SCRIPTS)) {
    writeText(join(work, "DEBIAN", name), readFileSync(join(SCRIPTS, name), "utf8"));
    chmodSync(join(work, "DEBIAN", name), 0o755);
  }
  makeUniform(work, time);
  mkdirSync(join(output, ".."), { recursive: true });
  execFileSync("dpkg-deb", ["--root-owner-group", "-Zxz", "-z1", "--build", work, output], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(time) },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
