/** Where the host's own file systems are seen; in a container they are mounted elsewhere (spec 21 section 4). */
export interface HostRoots {
  readonly proc: string;
  readonly sys: string;
  readonly etc: string;
  /** Replaces `/proc/1/mountinfo`. */
  readonly mountInfo: string | undefined;
  /** Where the host's root is mounted; empty: this is the host. */
  readonly root: string;
}

/** From `HOST_PROC`, `HOST_SYS`, `HOST_ETC`, `HOST_ROOT`, `HOST_PROC_MOUNTINFO`. */
export function hostRoots(environment: Readonly<Record<string, string | undefined>>): HostRoots {
  const place = (name: string, otherwise: string): string => environment[name]?.replace(/\/+$/, "") || otherwise;
  return {
    proc: place("HOST_PROC", "/proc"),
    sys: place("HOST_SYS", "/sys"),
    etc: place("HOST_ETC", "/etc"),
    mountInfo: environment["HOST_PROC_MOUNTINFO"] || undefined,
    root: place("HOST_ROOT", ""),
  };
}
