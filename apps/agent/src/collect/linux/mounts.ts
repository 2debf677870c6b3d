/** One line of a mount table. */
export interface Mount {
  readonly device: string;
  readonly path: string;
  readonly kind: string;
}

/** Parts of the names of file systems that are counted (spec 21 section 4.5). */
const COUNTED_KINDS = [
  "apfs",
  "ext4",
  "ext3",
  "ext2",
  "f2fs",
  "reiserfs",
  "jfs",
  "bcachefs",
  "btrfs",
  "fuseblk",
  "zfs",
  "simfs",
  "ntfs",
  "fat32",
  "exfat",
  "xfs",
  "fuse.rclone",
];
const SKIPPED_PATH_PART = "/var/lib/kubelet";
/** Mounts of a btrfs subvolume look like bind mounts: their root is not the root of the file system. */
const KIND_WITH_SUBVOLUMES = "btrfs";

/** File systems that live on a device: those of `/proc/filesystems` that are not `nodev`, and zfs. */
export function parseDeviceKinds(filesystems: string): Set<string> {
  const kinds = new Set(["zfs"]);
  for (const line of filesystems.split("\n")) {
    if (line !== "" && !line.startsWith("nodev")) kinds.add(line.trim());
  }
  return kinds;
}

/** `/proc/<pid>/mountinfo` without bind mounts and file systems that live on no device. */
export function parseMounts(mountinfo: string, deviceKinds: ReadonlySet<string>): Mount[] {
  const mounts: Mount[] = [];
  for (const line of mountinfo.split("\n")) {
    const [left = "", right] = line.split(" - ", 2);
    if (right === undefined) continue;
    const [, , , root = "", path = ""] = left.split(" ");
    const [kind = "", device = ""] = right.split(" ");
    if (!deviceKinds.has(kind) || device === "none") continue;
    if (root !== "/" && kind !== KIND_WITH_SUBVOLUMES) continue;
    mounts.push({ device, path: unescaped(path), kind });
  }
  return mounts;
}

/** The mounts to count: the first of each device, of the kinds that hold people's files. */
export function countedMounts(mounts: readonly Mount[]): Mount[] {
  const first = new Map<string, Mount>();
  for (const mount of mounts) {
    const kind = mount.kind.toLowerCase();
    if (!COUNTED_KINDS.some((part) => kind.includes(part)) || mount.path.includes(SKIPPED_PATH_PART)) continue;
    if (!first.has(mount.device)) first.set(mount.device, mount);
  }
  return [...first.values()];
}

/** Spaces, tabs, line feeds and backslashes are written as octal numbers. The bytes are UTF-8. */
function unescaped(path: string): string {
  const bytes = path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
