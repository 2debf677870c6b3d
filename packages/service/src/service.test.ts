import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { detectServiceManager } from "./detect.ts";
import { freeBsd } from "./free-bsd.ts";
import { openRc, procd, quoted, sysV } from "./init-scripts.ts";
import { launchd } from "./launchd.ts";
import { performService } from "./perform.ts";
import type { Host } from "./perform.ts";
import { DASHBOARD_SANDBOX, MONITORING_SANDBOX, openedSandbox } from "./sandbox.ts";
import { serviceName } from "./service.ts";
import type { ServiceManager, ServiceSpec } from "./service.ts";
import { systemd } from "./systemd.ts";
import { commandLineWord, windows } from "./windows.ts";

const SPEC: ServiceSpec = {
  name: "windfire-agent",
  description: "Windfire agent",
  program: "/opt/wind fire/node",
  args: ["--lite-mode", "/opt/wind fire/agent.cjs", "-c", "/etc/windfire-agent/it's $HOME 100%.yml"],
  folder: "/opt/wind fire",
  sandbox: MONITORING_SANDBOX,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agent-service-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function fakeHost(present: readonly string[], failing?: string) {
  const files = new Map(present.map((path) => [path, ""]));
  const done: string[] = [];
  const host: Host = {
    exists: (path) => files.has(path),
    write: (path, text, mode) => {
      if (failing === path) throw new Error("EACCES");
      files.set(path, text);
      done.push(`write ${path} ${mode.toString(8)}`);
    },
    remove: (path) => {
      files.delete(path);
      done.push(`remove ${path}`);
    },
    run: (command) => {
      const line = command.join(" ");
      done.push(line);
      return failing !== undefined && line.includes(failing) ? "no" : undefined;
    },
  };
  return { host, files, done };
}

test.each<[string, NodeJS.Platform, string[], string | undefined]>([
  ["systemd before all others", "linux", ["/run/systemd/system", "/sbin/openrc-run", "/etc/init.d"], "systemd"],
  ["OpenRC", "linux", ["/sbin/openrc-run", "/etc/init.d"], "OpenRC"],
  ["OpenWrt", "linux", ["/sbin/procd", "/etc/init.d"], "procd"],
  ["old systems", "linux", ["/etc/init.d"], "System V init"],
  ["a bare container", "linux", [], undefined],
  ["macOS", "darwin", [], "launchd"],
  ["Windows", "win32", [], "Windows services"],
  ["FreeBSD", "freebsd", [], "rc"],
  ["others", "aix", [], undefined],
])("%s", (_, platform, present, name) => {
  expect(detectServiceManager(platform, (path) => present.includes(path))?.name).toBe(name);
});

test("a configuration in another place is another service", () => {
  expect(serviceName("windfire-agent", "/etc/a.yml", "/etc/a.yml")).toBe("windfire-agent");
  expect(serviceName("windfire-agent", "/etc/b.yml", "/etc/a.yml")).toMatch(/^windfire-agent-[0-9a-f]{7}$/);
});

const MANAGERS: readonly ServiceManager[] = [systemd, openRc, procd, sysV, launchd, freeBsd, windows];

describe.each(MANAGERS.map((manager) => [manager.name, manager] as const))("%s", (_, manager) => {
  test("what is installed is gone after it was uninstalled", () => {
    const { host, files, done } = fakeHost([]);
    expect(performService(host, manager, "install", SPEC)).toEqual({ ok: true, value: undefined });
    expect(host.exists(manager.file(SPEC)) || manager === windows).toBe(true);
    expect(performService(host, manager, "install", SPEC).ok).toBe(manager === windows);
    files.set(manager.file(SPEC), "");
    for (const action of ["start", "stop", "restart", "uninstall"] as const)
      expect(performService(host, manager, action, SPEC).ok).toBe(true);
    expect([...files.keys()]).toEqual([]);
    expect(performService(host, manager, "stop", SPEC).ok).toBe(false);
    expect(done.length).toBeGreaterThan(5);
  });

  test("an installation that fails is taken back", () => {
    const steps = manager.steps("install", SPEC);
    const last = steps.at(-1);
    const { host, files } = fakeHost([], last?.kind === "run" ? last.command.join(" ") : "none");
    const outcome = performService(host, manager, "install", SPEC);
    expect(outcome).toMatchObject({ ok: false, error: expect.stringContaining("no") as string });
    expect([...files.keys()]).toEqual([]);
  });
});

test("without the right to write nothing else is done", () => {
  const { host, done } = fakeHost([], systemd.file(SPEC));
  expect(performService(host, systemd, "install", SPEC)).toEqual({
    ok: false,
    error: "systemd: write /etc/systemd/system/windfire-agent.service: EACCES",
  });
  expect(done.some((line) => line.includes("enable windfire"))).toBe(false);
});

/** The text of the file that an installation writes. */
function written(manager: ServiceManager, spec = SPEC): string {
  const step = manager.steps("install", spec).find((one) => one.kind === "write");
  return step?.kind === "write" ? step.text : "";
}

/** A program that writes down what it was told, and stays. */
const TELLER = 'printf "%s\\n" "$@" > told; exec sleep 60';

test.runIf(existsSync("/usr/bin/systemd-analyze"))("systemd finds nothing wrong with its unit", () => {
  const node = join(folder, "wind fire");
  writeFileSync(node, "#!/bin/sh\n", { mode: 0o755 });
  const file = join(folder, "windfire-agent.service");
  writeFileSync(file, written(systemd, { ...SPEC, program: node, folder }));
  expect(execFileSync("systemd-analyze", ["verify", file], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })).toBe("");
});

const ANALYZE = existsSync("/usr/bin/systemd-analyze");

/** How much a unit is exposed, as systemd counts it: 0 to 10. */
function exposure(name: string, files: Readonly<Record<string, string>>): number {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const said = spawnSync("systemd-analyze", ["security", "--offline=true", join(folder, name)], { encoding: "utf8" }).stdout;
  return Number(/Overall exposure level for .*: ([\d.]+)/.exec(said)?.[1]);
}

test.runIf(ANALYZE)("what an agent that monitors, and a dashboard, could do is little; a drop-in opens it", () => {
  const agent = written(systemd, { ...SPEC, program: "/bin/sh", folder: "/" });
  expect(exposure("agent.service", { "agent.service": agent })).toBeLessThan(2.5);
  const dashboard = written(systemd, { ...SPEC, user: "nobody", program: "/bin/sh", folder: "/", sandbox: DASHBOARD_SANDBOX });
  expect(exposure("dashboard.service", { "dashboard.service": dashboard })).toBeLessThan(2.5);
  const open = `[Service]\n${openedSandbox(MONITORING_SANDBOX).join("\n")}\n`;
  expect(exposure("wide.service", { "wide.service": agent.replace(/\n\[Install\]/, `\n${open}$&`) })).toBeGreaterThan(8);
});

test("systemd's unit", () => {
  expect(written(systemd)).toContain(
    'ExecStart="/opt/wind fire/node" "--lite-mode" "/opt/wind fire/agent.cjs" "-c" "/etc/windfire-agent/it\'s $$HOME 100%%.yml"\n',
  );
  expect(written(systemd)).toContain("Restart=always\nRestartSec=30\nEnvironmentFile=-/etc/sysconfig/windfire-agent\n");
});

test.each([openRc, procd, sysV, freeBsd])("the shell understands the script of $name", (manager) => {
  const file = join(folder, "script");
  writeFileSync(file, written(manager));
  expect(execFileSync("sh", ["-n", file], { encoding: "utf8" })).toBe("");
});

test("FreeBSD's rc starts the program with its arguments as they are", () => {
  const program = join(folder, "daemon");
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/told'\n`, { mode: 0o755 });
  const file = join(folder, "script");
  // As rc.subr does it.
  const rc = 'load_rc_config() { :; }; run_rc_command() { eval "$command $command_args"; }';
  writeFileSync(file, written(freeBsd).replace(". /etc/rc.subr", rc).replace("/usr/sbin/daemon", program));
  execFileSync("sh", [file, "start"]);
  expect(readFileSync(join(folder, "told"), "utf8").trimEnd().split("\n").slice(-5)).toEqual([SPEC.program, ...SPEC.args]);
});

test("OpenRC is told to supervise the program, with its arguments as they are, as the user that is named", () => {
  const file = join(folder, "script");
  writeFileSync(file, written(openRc, { ...SPEC, user: "windfire" }));
  // As openrc-run does it: the script sets variables and says what it depends on; arguments are read once more by a shell.
  const fake = `want() { echo "want $*"; }; after() { echo "after $*"; }
    . "$1"; depend; cd "$directory" 2>/dev/null; eval "set -- $command_args"
    printf '%s\n' "$supervisor" "$command_user" "$directory" "$command" "$@"`;
  const told = execFileSync("sh", ["-c", fake, "openrc-run", file], { encoding: "utf8" }).trimEnd().split("\n");
  const user = "windfire:windfire";
  expect(told).toEqual(["want net", "after firewall", "supervise-daemon", user, SPEC.folder, SPEC.program, ...SPEC.args]);
});

test.runIf(spawnSync("python3", ["-c", "import plistlib"]).status === 0)("launchd's list is one to a reader of property lists", () => {
  const file = join(folder, "list.plist");
  writeFileSync(file, written(launchd, { ...SPEC, user: "windfire" }));
  const read = "import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], 'rb'))))";
  expect(JSON.parse(execFileSync("python3", ["-c", read, file], { encoding: "utf8" }))).toEqual({
    Label: SPEC.name,
    ProgramArguments: [SPEC.program, ...SPEC.args],
    WorkingDirectory: SPEC.folder,
    UserName: "windfire",
    KeepAlive: true,
    RunAtLoad: false,
    ThrottleInterval: 30,
    StandardOutPath: `/var/log/${SPEC.name}.log`,
    StandardErrorPath: `/var/log/${SPEC.name}.log`,
  });
});

test("System V starts the program with its arguments as they are, once, and stops it", () => {
  const program = join(folder, "a program");
  writeFileSync(program, `#!/bin/sh\ncd '${folder}'\n${TELLER}\n`, { mode: 0o755 });
  const spec = { ...SPEC, program, folder };
  const script = join(folder, "init");
  writeFileSync(script, written(sysV, spec).replaceAll("/var/run/", `${folder}/`).replaceAll("/var/log/", `${folder}/`), { mode: 0o755 });
  const call = (action: string): string => {
    try {
      execFileSync(script, [action], { stdio: "ignore" });
      return "done";
    } catch {
      return "failed";
    }
  };
  expect(call("status")).toBe("failed");
  expect(call("start")).toBe("done");
  expect(call("start")).toBe("done");
  expect(call("status")).toBe("done");
  const told = execFileSync("sh", ["-c", "until [ -s told ]; do sleep 0.05; done; cat told"], { cwd: folder, encoding: "utf8" });
  expect(told).toBe(`${SPEC.args.join("\n")}\n`);
  expect(call("stop")).toBe("done");
  expect(call("status")).toBe("failed");
});

test("words of other command lines", () => {
  expect(quoted("it's")).toBe("'it'\\''s'");
  expect(quoted("/plain-1.0")).toBe("/plain-1.0");
  expect(commandLineWord("C:\\Program Files\\x\\")).toBe('"C:\\Program Files\\x\\\\"');
  expect(commandLineWord('say "hi"')).toBe('"say \\"hi\\""');
  expect(written(launchd)).toContain("<string>/etc/windfire-agent/it's $HOME 100%.yml</string>");
  expect(written(windows)).toContain('@"--lite-mode ""/opt/wind fire/agent.cjs"" -c ""/etc/windfire-agent/it\'s $HOME 100%.yml"""');
});
