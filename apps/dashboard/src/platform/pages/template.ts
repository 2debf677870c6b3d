import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Where the two halves of our own front end lie, and where operators put theirs. */
export interface TemplateFolders {
  /** Working directory: a folder in it with an `index.html` is a template. */
  readonly themes: string;
  /** Built public half. */
  readonly publicHalf: string;
  /** Built console half. */
  readonly consoleHalf: string;
}

/** One entry of `frontend_templates` (spec 10 section 14.1, design decision 9). */
export interface Template {
  readonly path: string;
  readonly name: string;
  readonly repository: string;
  readonly author: string;
  readonly version: string;
  readonly is_admin?: true;
  readonly is_official?: true;
}

export const PUBLIC_TEMPLATE = "user-dist";
export const CONSOLE_TEMPLATE = "admin-dist";

/** Folders of the working directory that hold other things, whatever else lies in them. */
const NO_TEMPLATES = new Set(["node_modules", "data"]);
const NOT_THEMES = new Set([...NO_TEMPLATES, PUBLIC_TEMPLATE, CONSOLE_TEMPLATE]);
const MAX_THEMES = 100;

/** Our two halves, then every other folder of the working directory that holds an `index.html`, by name. */
export async function listTemplates(folders: TemplateFolders, version: string): Promise<Template[]> {
  const own = { repository: "", author: "Windfire", version, is_official: true } as const;
  const themes = (await themeNames(folders.themes)).map((name) => theme(name));
  return [
    { path: CONSOLE_TEMPLATE, name: "Windfire console", ...own, is_admin: true },
    { path: PUBLIC_TEMPLATE, name: "Windfire", ...own },
    ...themes,
  ];
}

function theme(name: string): Template {
  return { path: name, name, repository: "", author: "", version: "", ...(name.startsWith("admin") ? { is_admin: true } : {}) };
}

async function themeNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.map((entry) => entry.name).filter((name) => !NOT_THEMES.has(name) && !name.startsWith("."));
  const found = await Promise.all(names.map(async (name) => ((await isDocument(join(folder, name, "index.html"))) ? name : undefined)));
  return found
    .filter((name) => name !== undefined)
    .toSorted()
    .slice(0, MAX_THEMES);
}

async function isDocument(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
}

/**
 * Folders to look a template's files up in, first match first: the folder of that name in the working directory, then our own half, which
 * also stands in for a configured theme whose folder is missing.
 */
export function templateRoots(folders: TemplateFolders, half: "public" | "console", configured: string): string[] {
  const own = half === "public" ? folders.publicHalf : folders.consoleHalf;
  const plain = /^[\w.-]+$/.test(configured) && !configured.startsWith(".") && !NO_TEMPLATES.has(configured);
  return plain ? [join(folders.themes, configured), own] : [own];
}
