import type { Volume } from "../disk.ts";
import type { SystemFiles } from "../files.ts";
import type { HostRoots } from "../roots.ts";
import { countedMounts, parseDeviceKinds, parseMounts } from "./mounts.ts";
import type { Mount } from "./mounts.ts";

/**
 * Where disk space is counted: the allow-listed paths, else the mounted disks (spec 21 section 4.5). The mount table is
 * only taken apart when its text has changed. Allow-listed paths are those that the agent sees.
 */
export function createVolumeList(files: SystemFiles, roots: HostRoots): (allowlist: readonly string[]) => readonly Volume[] {
  let seen = "";
  let volumes: readonly Volume[] = [];
  return (allowlist) => {
    if (allowlist.length > 0) return allowlist.map((path, index) => ({ path, pool: `${index}` }));
    const table = mountTable(files, roots);
    if (table !== seen) {
      seen = table;
      const kinds = parseDeviceKinds(files.text(`${roots.proc}/filesystems`) ?? "");
      volumes = countedMounts(parseMounts(table, kinds)).map((mount) => ({ path: roots.root + mount.path, pool: poolOf(mount) }));
    }
    return volumes;
  };
}

function mountTable(files: SystemFiles, { proc, mountInfo }: HostRoots): string {
  if (mountInfo !== undefined) return files.text(mountInfo) ?? "";
  return files.text(`${proc}/1/mountinfo`) ?? files.text(`${proc}/self/mountinfo`) ?? "";
}

/** Data sets of a ZFS pool share its free space. */
function poolOf({ kind, device }: Mount): string {
  return kind === "zfs" ? `zfs ${device.split("/", 1)[0]}` : device;
}

/** Mount points of the host's disks. */
export function mountedVolumes(files: SystemFiles, roots: HostRoots): readonly string[] {
  return createVolumeList(files, roots)([]).map(({ path }) => path);
}
