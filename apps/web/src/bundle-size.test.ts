import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

const KB = 1000;
const DIST = join(import.meta.dirname, "../dist");
/** Files that are loaded on demand whatever their size: charts, terminal, editors. */
const HEAVY = /time-chart|terminal|editor/;
const LAZY_LIMIT = 60 * KB;

const HALVES = [
  { half: "public", base: "/", limit: 150 * KB, texts: "en" },
  { half: "console", base: "/dashboard/", limit: 260 * KB, texts: "en" },
] as const;

const zipped = (path: string) => gzipSync(readFileSync(path)).length;

/** What the start page asks for by itself: scripts with everything they import, styles, and the texts of one language. */
function firstLoad(folder: string, base: string, texts: string): Set<string> {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const assets = join(folder, "assets");
  const found = new Set<string>();
  const visit = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    if (!name.endsWith(".js")) return;
    for (const [, target = ""] of readFileSync(join(assets, name), "utf8").matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) visit(target);
  };
  for (const [, path = ""] of html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)) visit(basename(path.slice(base.length)));
  for (const name of readdirSync(assets)) if (name.startsWith(`${texts}-`) && name.endsWith(".js")) visit(name);
  return found;
}

describe.each(HALVES)("the $half half", ({ half, base, limit, texts }) => {
  const folder = join(DIST, half);
  const built = existsSync(join(folder, "index.html"));

  test.skipIf(!built)("loads within its budget", () => {
    const files = firstLoad(folder, base, texts);
    const size = [...files].reduce((sum, name) => sum + zipped(join(folder, "assets", name)), 0);
    expect(files.size).toBeGreaterThan(2);
    expect(size).toBeLessThanOrEqual(limit);
  });

  test.skipIf(!built)("keeps every lazy part small", () => {
    const first = firstLoad(folder, base, texts);
    const lazy = readdirSync(join(folder, "assets")).filter((name) => name.endsWith(".js") && !first.has(name) && !HEAVY.test(name));
    for (const name of lazy) expect(zipped(join(folder, "assets", name)), name).toBeLessThanOrEqual(LAZY_LIMIT);
  });

  test.skipIf(!built)("asks no foreign host and has its text files compressed", () => {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const html = readFileSync(join(folder, "index.html"), "utf8");
    expect(html).not.toMatch(/(?:src|href)="https?:/);
    expect(html).toContain('nonce="__CSP_NONCE__"');
    expect(html).toContain("<!--wf-data-->");
    const large = names.filter((name) => /\.(?:js|css)$/.test(name) && readFileSync(join(folder, name)).length >= 1024);
    for (const name of large) expect(names).toEqual(expect.arrayContaining([`${name}.br`, `${name}.gz`]));
  });
});
