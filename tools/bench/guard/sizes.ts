import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const APPS = fileURLToPath(new URL("../../../apps", import.meta.url));

/** Bytes that a half of the web sends before anything is drawn: its page and what the page names, compressed as they are sent. */
export function firstLoadBytes(half: "public" | "console", apps = APPS): number {
  const folder = join(apps, "web", "dist", half);
  const page = readFileSync(join(folder, "index.html"), "utf8");
  const names = new Set(
    [...page.matchAll(/(?:src|href)="\/(?:dashboard\/)?(assets\/[^"]+\.(?:js|css))"/g)].flatMap(([, name]) => name ?? []),
  );
  if (names.size === 0) throw new Error(`${folder}/index.html names no script`);
  return [...names].reduce((sum, name) => sum + sentBytes(join(folder, name)), gzipSync(page).length);
}

function sentBytes(file: string): number {
  return statSync(existsSync(`${file}.br`) ? `${file}.br` : file).size;
}

/** Bytes of the packed dashboard, all files. */
export function packBytes(apps = APPS): number {
  const folder = join(apps, "dashboard", "dist");
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
