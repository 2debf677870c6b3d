import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { judge, judgeFile } from "./rules.ts";
import { referencesOf } from "./specifiers.ts";

/** One broken rule and where. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly text: string;
}

const SOURCES = ["apps/*/src/**/*.{ts,tsx}", "packages/*/src/**/*.ts", "tools/**/*.ts", "e2e/**/*.ts"];
const LEFT_OUT = new Set(["node_modules", "dist", "fixtures"]);

/** Reads every source below a root and judges every import in it. */
export async function checkImports(root: string): Promise<{ files: number; findings: Finding[] }> {
  const findings: Finding[] = [];
  let files = 0;
  for await (const path of glob(SOURCES, { cwd: root, exclude: (name) => LEFT_OUT.has(name.split("/").at(-1) ?? "") })) {
    const file = path.replaceAll("\\", "/");
    files++;
    const misplaced = judgeFile(file);
    if (misplaced) {
      findings.push({ file, line: 1, ...misplaced });
      continue;
    }
    for (const { specifier, line } of referencesOf(file, await readFile(join(root, path), "utf8"))) {
      const problem = judge(file, specifier);
      if (problem) findings.push({ file, line, ...problem });
    }
  }
  return { files, findings: findings.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line) };
}
