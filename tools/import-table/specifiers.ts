import { parseSync } from "oxc-parser";

/** One place where a file names another module. */
export interface Reference {
  readonly specifier: string;
  /** Counted from 1. */
  readonly line: number;
}

const WORKER_FILE = /new URL\(\s*(["'])(?<path>\.[^"']*)\1\s*,\s*import\.meta\.url/g;

/**
 * Every module a source names: imports, re-exports, `import()` of a literal, and files reached by `new URL("./x", import.meta.url)`,
 * which is how workers start. Throws when the source does not parse.
 */
export function referencesOf(fileName: string, source: string): Reference[] {
  const { module, errors } = parseSync(fileName, source);
  const [error] = errors;
  if (error) throw new Error(`${fileName}: ${error.message}`);
  const found: { specifier: string; at: number }[] = [];
  for (const { moduleRequest } of module.staticImports) found.push({ specifier: moduleRequest.value, at: moduleRequest.start });
  for (const { entries } of module.staticExports) {
    const request = entries.find((entry) => entry.moduleRequest !== null)?.moduleRequest;
    if (request) found.push({ specifier: request.value, at: request.start });
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^["'`]([^"'`$]*)["'`]$/.exec(source.slice(moduleRequest.start, moduleRequest.end))?.[1];
    if (literal !== undefined) found.push({ specifier: literal, at: moduleRequest.start });
  }
  for (const match of source.matchAll(WORKER_FILE)) found.push({ specifier: match.groups?.["path"] ?? "", at: match.index });
  return found.map(({ specifier, at }) => ({ specifier, line: source.slice(0, at).split("\n").length }));
}
