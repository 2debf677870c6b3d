import { run, tryRun } from "./service.ts";
import type { ServiceManager, ServiceSpec, Step } from "./service.ts";

/** Spec 21 section 1.1. */
export const systemd: ServiceManager = {
  name: "systemd",
  file: unitPath,
  steps: (action, spec) => {
    switch (action) {
      case "install":
        return [
          { kind: "write", path: unitPath(spec), text: systemdUnit(spec), mode: 0o644 },
          run("systemctl", "daemon-reload"),
          run("systemctl", "enable", unitName(spec)),
          run("systemctl", "start", unitName(spec)),
        ];
      case "uninstall":
        return [
          tryRun("systemctl", "stop", unitName(spec)),
          tryRun("systemctl", "disable", unitName(spec)),
          { kind: "remove", path: unitPath(spec) },
          ...widenSystemdUnit(spec, undefined).filter(({ kind }) => kind === "remove"),
          tryRun("rmdir", `${unitPath(spec)}.d`),
          run("systemctl", "daemon-reload"),
          tryRun("systemctl", "reset-failed", unitName(spec)),
        ];
      case "start":
      case "stop":
      case "restart":
        return [run("systemctl", action, unitName(spec))];
    }
  },
};

function unitName({ name }: ServiceSpec): string {
  return `${name}.service`;
}

function unitPath(spec: ServiceSpec): string {
  return `/etc/systemd/system/${unitName(spec)}`;
}

/** The text of the unit. */
export function systemdUnit(spec: ServiceSpec): string {
  const { name, description, program, args, folder, user, sandbox } = spec;
  const own = user === undefined ? [] : [`User=${user}`, `Group=${user}`];
  return `[Unit]
Description=${description}
ConditionFileIsExecutable=${pathText(program)}
Wants=network-online.target
After=network-online.target
StartLimitInterval=5
StartLimitBurst=10

[Service]
${[...own, `ExecStart=${[program, ...args].map(word).join(" ")}`].join("\n")}
WorkingDirectory=${pathText(folder)}
Restart=always
RestartSec=30
EnvironmentFile=-/etc/sysconfig/${name}
${sandbox.join("\n")}

[Install]
WantedBy=multi-user.target
`;
}

/**
 * Opens or closes the sandbox of a unit by a drop-in, and starts the service anew where it runs: systemd gives a process its rights at its
 * start alone.
 */
export function widenSystemdUnit(spec: Pick<ServiceSpec, "name">, lines: readonly string[] | undefined): readonly Step[] {
  const folder = `/etc/systemd/system/${spec.name}.service.d`;
  const path = `${folder}/rights.conf`;
  const change: Step[] =
    lines === undefined
      ? [{ kind: "remove", path }, tryRun("rmdir", folder)]
      : [run("mkdir", "-p", folder), { kind: "write", path, text: `[Service]\n${lines.join("\n")}\n`, mode: 0o644 }];
  return [...change, run("systemctl", "daemon-reload"), run("systemctl", "try-restart", `${spec.name}.service`)];
}

/** Quoted, so that nothing in it is a word of systemd's own. */
function word(text: string): string {
  return `"${pathText(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("$", "$$$$")}"`;
}

function pathText(text: string): string {
  return text.replaceAll("%", "%%");
}
