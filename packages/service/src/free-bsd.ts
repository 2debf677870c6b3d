import { quoted } from "./init-scripts.ts";
import { run, tryRun } from "./service.ts";
import type { ServiceManager, ServiceSpec } from "./service.ts";

/** FreeBSD's rc, with daemon(8) that starts the agent again. */
export const freeBsd: ServiceManager = {
  name: "rc",
  file: scriptPath,
  steps: (action, spec) => {
    if (action === "install") {
      return [
        { kind: "write", path: scriptPath(spec), text: script(spec), mode: 0o755 },
        run("sysrc", `${variable(spec)}_enable=YES`),
        run("service", spec.name, "start"),
      ];
    }
    if (action === "uninstall") {
      return [
        tryRun("service", spec.name, "stop"),
        tryRun("sysrc", "-x", `${variable(spec)}_enable`),
        { kind: "remove", path: scriptPath(spec) },
      ];
    }
    return [run("service", spec.name, action)];
  },
};

function scriptPath({ name }: ServiceSpec): string {
  return `/usr/local/etc/rc.d/${name}`;
}

function variable({ name }: ServiceSpec): string {
  return name.replaceAll("-", "_");
}

/** rc.subr takes the words apart a second time. */
function inDoubleQuotes(text: string): string {
  return text.replaceAll(/[\\"$`]/g, "\\$&");
}

function script(spec: ServiceSpec): string {
  const name = variable(spec);
  return `#!/bin/sh
# PROVIDE: ${name}
# REQUIRE: NETWORKING
# KEYWORD: shutdown

. /etc/rc.subr

name="${name}"
rcvar="${name}_enable"
pidfile="/var/run/${spec.name}.pid"
command="/usr/sbin/daemon"
command_args="-r -R 30 -P $pidfile -o /var/log/${spec.name}.log ${inDoubleQuotes([spec.program, ...spec.args].map(quoted).join(" "))}"
${name}_chdir=${quoted(spec.folder)}

load_rc_config $name
run_rc_command "$1"
`;
}
