import { DESCRIPTION, run, tryRun } from "./service.ts";
import type { ServiceManager, ServiceSpec } from "./service.ts";

/** Spec 21 section 1.1. */
export const systemd: ServiceManager = {
  name: "systemd",
  file: unitPath,
  steps: (action, spec) => {
    switch (action) {
      case "install":
        return [
          { kind: "write", path: unitPath(spec), text: unit(spec), mode: 0o644 },
          run("systemctl", "daemon-reload"),
          run("systemctl", "enable", unitName(spec)),
          run("systemctl", "start", unitName(spec)),
        ];
      case "uninstall":
        return [
          tryRun("systemctl", "stop", unitName(spec)),
          tryRun("systemctl", "disable", unitName(spec)),
          { kind: "remove", path: unitPath(spec) },
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

function unit({ name, node, args, folder }: ServiceSpec): string {
  return `[Unit]
Description=${DESCRIPTION}
ConditionFileIsExecutable=${pathText(node)}
Wants=network-online.target
After=network-online.target
StartLimitInterval=5
StartLimitBurst=10

[Service]
ExecStart=${[node, ...args].map(word).join(" ")}
WorkingDirectory=${pathText(folder)}
Restart=always
RestartSec=30
EnvironmentFile=-/etc/sysconfig/${name}

[Install]
WantedBy=multi-user.target
`;
}

/** Quoted, so that nothing in it is a word of systemd's own. */
function word(text: string): string {
  return `"${pathText(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("$", "$$$$")}"`;
}

function pathText(text: string): string {
  return text.replaceAll("%", "%%");
}
