import { run, tryRun } from "./service.ts";
import type { ServiceManager, ServiceSpec, Step } from "./service.ts";

/** OpenRC, procd and System V: a script in `/etc/init.d`, each in its own words. */

const scriptPath = ({ name }: ServiceSpec): string => `/etc/init.d/${name}`;
const script = (spec: ServiceSpec, text: string): Step => ({ kind: "write", path: scriptPath(spec), text, mode: 0o755 });

export const openRc: ServiceManager = {
  name: "OpenRC",
  file: scriptPath,
  steps: (action, spec) => {
    if (action === "install")
      return [script(spec, openRcScript(spec)), run("rc-update", "add", spec.name, "default"), run("rc-service", spec.name, "start")];
    if (action === "uninstall") {
      return [
        tryRun("rc-service", spec.name, "stop"),
        tryRun("rc-update", "del", spec.name, "default"),
        { kind: "remove", path: scriptPath(spec) },
      ];
    }
    return [run("rc-service", spec.name, action)];
  },
};

function openRcScript({ name, description, program, args, folder, user }: ServiceSpec): string {
  return `#!/sbin/openrc-run
description="${description}"
supervisor=supervise-daemon
respawn_delay=30
respawn_max=0
directory=${quoted(folder)}
command=${quoted(program)}
command_args=${quoted(args.map(quoted).join(" "))}
${user === undefined ? "" : `command_user=${quoted(`${user}:${user}`)}\n`}output_log="/var/log/${name}.log"
error_log="/var/log/${name}.log"

depend() {
	want net
	after firewall
}
`;
}

export const procd: ServiceManager = {
  name: "procd",
  file: scriptPath,
  steps: (action, spec) => {
    if (action === "install") return [script(spec, procdScript(spec)), run(scriptPath(spec), "enable"), run(scriptPath(spec), "start")];
    if (action === "uninstall")
      return [tryRun(scriptPath(spec), "stop"), tryRun(scriptPath(spec), "disable"), { kind: "remove", path: scriptPath(spec) }];
    return [run(scriptPath(spec), action)];
  },
};

function procdScript({ description, program, args, user }: ServiceSpec): string {
  return `#!/bin/sh /etc/rc.common
# ${description}
USE_PROCD=1
START=99
STOP=10

start_service() {
	procd_open_instance
	procd_set_param command ${[program, ...args].map(quoted).join(" ")}
${user === undefined ? "" : `\tprocd_set_param user ${quoted(user)}\n`}	procd_set_param respawn 3600 30 0
	procd_set_param stdout 1
	procd_set_param stderr 1
	procd_close_instance
}
`;
}

export const sysV: ServiceManager = {
  name: "System V init",
  file: scriptPath,
  steps: (action, spec) => {
    if (action === "install") return [script(spec, sysVScript(spec)), ...runLevels(spec, true), run(scriptPath(spec), "start")];
    if (action === "uninstall")
      return [tryRun(scriptPath(spec), "stop"), ...runLevels(spec, false), { kind: "remove", path: scriptPath(spec) }];
    return [run(scriptPath(spec), action)];
  },
};

/** Whichever of the two programs is there makes the links. */
function runLevels({ name }: ServiceSpec, on: boolean): Step[] {
  const change = on
    ? `if command -v update-rc.d >/dev/null; then update-rc.d ${name} defaults; elif command -v chkconfig >/dev/null; then chkconfig --add ${name}; else for level in 2 3 4 5; do ln -sf ../init.d/${name} /etc/rc$level.d/S50${name}; done; fi`
    : `if command -v update-rc.d >/dev/null; then update-rc.d -f ${name} remove; elif command -v chkconfig >/dev/null; then chkconfig --del ${name}; else rm -f /etc/rc?.d/S50${name}; fi`;
  return [on ? run("sh", "-c", change) : tryRun("sh", "-c", change)];
}

function sysVScript({ name, description, program, args, folder, user }: ServiceSpec): string {
  return `#!/bin/sh
### BEGIN INIT INFO
# Provides:          ${name}
# Required-Start:    $network $remote_fs
# Required-Stop:     $network $remote_fs
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: ${description}
### END INIT INFO
# chkconfig: 2345 90 10

pid_file=/var/run/${name}.pid
log_file=/var/log/${name}.log

is_running() {
	[ -s "$pid_file" ] && kill -0 "$(cat "$pid_file")" 2>/dev/null
}

start() {
	is_running && return 0
	cd ${quoted(folder)} || exit 1
	[ -r /etc/sysconfig/${name} ] && . /etc/sysconfig/${name}
	(
		trap '' HUP
		trap 'kill "$child" 2>/dev/null; exit 0' TERM INT
		while :; do
			${asUser(user, [program, ...args])} >>"$log_file" 2>&1 &
			child=$!
			wait "$child"
			sleep 30 &
			child=$!
			wait "$child"
		done
	) </dev/null >>"$log_file" 2>&1 &
	echo $! >"$pid_file"
}

stop() {
	is_running && kill "$(cat "$pid_file")"
	rm -f "$pid_file"
}

case "$1" in
start) start ;;
stop) stop ;;
restart)
	stop
	start
	;;
status) is_running ;;
*)
	echo "usage: $0 start|stop|restart|status" >&2
	exit 2
	;;
esac
`;
}

function asUser(user: string | undefined, words: readonly string[]): string {
  const line = words.map(quoted).join(" ");
  return user === undefined ? line : `su -s /bin/sh -c ${quoted(`exec ${line}`)} ${quoted(user)}`;
}

/** One word of a shell. */
export function quoted(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
