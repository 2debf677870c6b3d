import type { Host } from "@windfire/service";
import { expect, test } from "vitest";
import { foldersOf, runServiceSetup } from "./service-setup.ts";
import type { ServiceRequest, ServiceSetupDeps } from "./service-setup.ts";

function onHost(present: readonly string[], change: Partial<ServiceSetupDeps> = {}) {
  const files = new Map(present.map((path) => [path, ""]));
  const commands: string[] = [];
  const printed: string[] = [];
  const host: Host = {
    exists: (path) => files.has(path),
    write: (path, text) => void files.set(path, text),
    remove: (path) => void files.delete(path),
    run: (command) => void commands.push(command.join(" ")),
  };
  const deps: ServiceSetupDeps = {
    host,
    platform: "linux",
    env: {},
    program: "/usr/local/bin/windfire",
    words: ["dashboard"],
    ownerOf: () => undefined,
    isOpen: () => true,
    print: (line) => printed.push(line),
    ...change,
  };
  const call = (request: Partial<ServiceRequest>) =>
    runServiceSetup(deps, { action: "install", config: undefined, database: undefined, ...request });
  return { call, files, commands, printed };
}

const SYSTEMD = "/run/systemd/system";
const UNIT = "/etc/systemd/system/windfire.service";

test("on systemd: a user, a folder that only this machine reaches, a sandbox; all but the data goes again", () => {
  const { call, files, commands, printed } = onHost([SYSTEMD]);
  expect(call({})).toMatchObject({ ok: true });
  expect(commands[0]).toContain("useradd --system");
  expect(files.get("/var/lib/windfire/config.yaml")).toContain("listen_host: 127.0.0.1");
  const unit = files.get(UNIT) ?? "";
  for (const line of [
    "User=windfire",
    'ExecStart="/usr/local/bin/windfire" "dashboard" "-c" "/var/lib/windfire/config.yaml" "-db" "/var/lib/windfire/sqlite.db"',
    "StateDirectory=windfire",
    "ProtectSystem=strict",
  ]) {
    expect(unit.split("\n")).toContain(line);
  }
  expect(printed.at(-1)).toContain("journalctl -u windfire");
  expect(call({ action: "uninstall" })).toMatchObject({ ok: true });
  expect([...files.keys()]).toEqual([SYSTEMD, "/var/lib/windfire/config.yaml"]);
});

test("a configuration that is there stays as it is", () => {
  const { call, files } = onHost([SYSTEMD, "/var/lib/windfire/config.yaml"]);
  call({});
  expect(files.get("/var/lib/windfire/config.yaml")).toBe("");
});

test("an existing folder is served as whom it belongs to, under a name of its own", () => {
  const request = { config: "/opt/nezha/dashboard/data/config.yaml", database: "/opt/nezha/dashboard/data/sqlite.db" };
  const { call, files, commands } = onHost([SYSTEMD], { ownerOf: () => "nezha" });
  expect(call(request)).toMatchObject({ ok: true });
  const [path = "", unit = ""] = [...files].at(-1) ?? [];
  expect(path).toMatch(/windfire-[0-9a-f]{7}\.service$/);
  expect(unit).toContain("User=nezha\nGroup=nezha\n");
  expect(unit).toContain('ReadWritePaths="/opt/nezha/dashboard/data"\n');
  expect(commands.some((line) => line.includes("useradd") || line.includes("chown"))).toBe(false);
});

test("a program that the user cannot read is refused before anything is done", () => {
  const { call, files, commands } = onHost([SYSTEMD], { isOpen: () => false });
  expect(call({})).toMatchObject({ ok: false, error: expect.stringContaining("/usr/local/bin") as string });
  expect([[...files.keys()], commands]).toEqual([[SYSTEMD], []]);
});

test.each<[NodeJS.Platform, string[], string, string]>([
  ["linux", ["/sbin/openrc-run"], "/etc/init.d/windfire", "command_user=windfire:windfire"],
  ["darwin", [], "/Library/LaunchDaemons/windfire.plist", "<string>/usr/local/var/windfire/config.yaml</string>"],
  ["win32", [], "C:\\ProgramData\\windfire\\windfire-service.cs", "C:\\ProgramData\\windfire\\config.yaml"],
])("%s %j", (platform, present, path, text) => {
  const { call, files } = onHost(present, { platform, env: { ProgramData: "C:\\ProgramData" } });
  expect(call({})).toMatchObject({ ok: true });
  expect(files.get(path)).toContain(text);
});

test.each([
  [{ action: undefined }, "install, uninstall"],
  [{ action: "fly" }, "install, uninstall"],
  [{ action: "start" }, "there is no service windfire"],
])("%j: %s", (request, text) => {
  expect(onHost([SYSTEMD]).call(request)).toMatchObject({ ok: false, error: expect.stringContaining(text) as string });
});

test("without a service manager", () => {
  expect(onHost([]).call({})).toMatchObject({ ok: false, error: expect.stringContaining("foreground") as string });
});

test("all folders above a program", () => {
  expect(foldersOf("/usr/local/bin/windfire")).toEqual(["/usr/local/bin", "/usr/local", "/usr", "/"]);
});
