import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

const TEXT = /^(?:licen[cs]e|notice|copying)/i;

/**
 * The licences of everything that is not ours: each package of the lock file that is no tool of development, with the texts that came with
 * it. Packages that are for other systems alone have no text here and stand in the list.
 */
export function licenceTexts(root: string): string {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: Record<string, LockEntry> };
  const parts = Object.entries(packages)
    .filter(([path, entry]) => path.includes("node_modules/") && entry.dev !== true && entry.link !== true)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, entry]) => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      return [`${name} ${entry.version ?? ""} (${entry.license ?? "see its text"})`, ...textsIn(join(root, path))].join("\n\n");
    });
  return `Windfire is under the Apache License 2.0 (LICENSE). It carries, or was built with, what follows.\n\n${parts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

function textsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && TEXT.test(entry.name))
    .map(({ name }) => name)
    .toSorted()
    .map((name) => readFileSync(join(folder, name), "utf8").trim());
}
