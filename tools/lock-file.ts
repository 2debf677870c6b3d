/** The parts of package-lock.json that matter here. */
export interface LockFile {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

interface LockEntry {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * Optional packages that an entry names and the lock does not hold. The registry gets the binaries of other systems late; a lock made in
 * between installs here and nowhere else.
 */
export function missingOptionalPackages({ packages }: LockFile): string[] {
  const held = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)));
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !held.has(name))
      .map((name) => `${path || "the root"} needs ${name}`),
  );
}

/** Entries that carry the address of a registry; links between workspaces are no such address. */
export function registryAddresses({ packages }: LockFile): string[] {
  return Object.entries(packages)
    .filter(([, entry]) => entry.link !== true && entry.resolved !== undefined)
    .map(([path]) => path);
}
