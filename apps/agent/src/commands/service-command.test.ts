import type { Host } from "@windfire/service";
import { describe, expect, test } from "vitest";
import { MONITOR_ONLY } from "../gate/index.ts";
import { fitSandbox } from "./sandbox.ts";
import { runServiceCommand } from "./service-command.ts";

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

describe("the command", () => {
  const run = (action: string | undefined, present: readonly string[] = ["/run/systemd/system"], loads = true) => {
    const { host, files } = fakeHost(present);
    const printed: string[] = [];
    const outcome = runServiceCommand(
      {
        store: {
          loadForService: () =>
            Promise.resolve(loads ? { ok: true, value: {} as never } : { ok: false, error: "server address should not be empty" }),
        },
        configPath: "/etc/a.yml",
        defaultPath: "/etc/a.yml",
        entry: "/opt/agent.cjs",
        print: (line) => printed.push(line),
        host,
        platform: "linux",
      },
      action,
    );
    return outcome.then((value) => ({ value, files, printed }));
  };

  test.each<[string | undefined, string]>([
    [undefined, "必须指定一个参数"],
    ["fly", "Unknown action fly"],
    ["start", "there is no service windfire-agent"],
  ])("%s", async (action, text) => {
    expect((await run(action)).value).toMatchObject({ ok: false, error: expect.stringContaining(text) as string });
  });

  test("install reads the configuration first", async () => {
    expect((await run("install", undefined, false)).value).toEqual({
      ok: false,
      error: "init config failed: server address should not be empty",
    });
    const { value, files, printed } = await run("install");
    expect(value.ok).toBe(true);
    expect(files.get("/etc/systemd/system/windfire-agent.service")).toContain(
      '"--lite-mode" "--no-node-snapshot" "--max-semi-space-size=1" "/opt/agent.cjs" "-c" "/etc/a.yml"',
    );
    expect(printed).toEqual(["windfire-agent: install done (systemd)"]);
  });

  test("a host without a service manager", async () => {
    expect((await run("install", [])).value).toMatchObject({ ok: false, error: expect.stringContaining("no service manager") as string });
  });
});

test("the single executable starts itself, not what it has unpacked", async () => {
  const { host, files } = fakeHost(["/run/systemd/system"]);
  const store = { loadForService: () => Promise.resolve({ ok: true as const, value: {} as never }) };
  const paths = { configPath: "/etc/a.yml", defaultPath: "/etc/a.yml", entry: "/root/.cache/agent.cjs" };
  await runServiceCommand({ store, ...paths, isExecutable: true, print: () => {}, host, platform: "linux" }, "install");
  const unit = files.get("/etc/systemd/system/windfire-agent.service") ?? "";
  expect(unit).toContain(`"--node-options=--lite-mode --no-node-snapshot --max-semi-space-size=1" "agent" "-c" "/etc/a.yml"`);
  expect(unit).not.toContain("cache");
});

test("the sandbox follows what the host permits", () => {
  const unit = "/etc/systemd/system/windfire-agent.service";
  const { host, files, done } = fakeHost(["/run/systemd/system", unit]);
  const deps = { host, service: "windfire-agent", print: () => {} };
  const wide = new Map([...MONITOR_ONLY, ["terminal", {}] as const]);
  fitSandbox(deps, MONITOR_ONLY, false);
  expect(done).toEqual([]);
  fitSandbox(deps, wide, false);
  expect(files.get(`${unit}.d/rights.conf`)).toContain("ProtectSystem=false");
  expect(done.at(-1)).toBe("systemctl try-restart windfire-agent.service");
  const before = done.length;
  fitSandbox(deps, wide, false);
  expect(done).toHaveLength(before);
  fitSandbox(deps, new Map([...MONITOR_ONLY, ["nat", {}] as const]), false);
  expect([...files.keys()]).toEqual(["/run/systemd/system", unit]);
  fitSandbox(deps, MONITOR_ONLY, true);
  expect(files.has(`${unit}.d/rights.conf`)).toBe(true);
});
