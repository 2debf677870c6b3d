import { freeBsd } from "./free-bsd.ts";
import { openRc, procd, sysV } from "./init-scripts.ts";
import { launchd } from "./launchd.ts";
import type { ServiceManager } from "./service.ts";
import { systemd } from "./systemd.ts";
import { windows } from "./windows.ts";

/** The service manager of this host, the first that is found; undefined where there is none. */
export function detectServiceManager(platform: NodeJS.Platform, exists: (path: string) => boolean): ServiceManager | undefined {
  if (platform === "win32") return windows;
  if (platform === "darwin") return launchd;
  if (platform === "freebsd") return freeBsd;
  if (platform !== "linux") return undefined;
  if (exists("/run/systemd/system")) return systemd;
  if (exists("/sbin/openrc-run") || exists("/usr/sbin/openrc-run")) return openRc;
  if (exists("/sbin/procd") || exists("/etc/rc.common")) return procd;
  return exists("/etc/init.d") ? sysV : undefined;
}
