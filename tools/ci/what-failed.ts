import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { RESULTS_FOLDER } from "../results.ts";

/** Of a step's output so many lines are said again (the last, where a run sums up), and of a line so many characters. */
const MAX_LINES = 40;
const MAX_LENGTH = 300;

/** How the drivers, Vitest and the compilers begin or mark a line about a failure. */
const ABOUT_FAILURE = /^\s*(?:FAIL|WEAK|ERR|×)\b|^\s*×|\bAssertionError\b|\bError:|: error |a step back|^ {2}\S+ \| .* expected /;

/** The lines about failures in the output of a step; its last lines where there are none. */
export function linesAboutFailures(output: string): string[] {
  const lines = stripVTControlCharacters(output)
    .split("\n")
    .filter((line) => line.trim() !== "");
  const about = lines.filter((line) => ABOUT_FAILURE.test(line));
  const said = about.length > 0 ? [...new Set(about)].slice(-MAX_LINES) : lines.slice(-MAX_LINES);
  return said.map((line) => line.slice(0, MAX_LENGTH));
}

/** For each step that failed (it left `NAME.failed` beside `NAME.log`) its name and what it printed about that. */
export async function whatFailed(folder = RESULTS_FOLDER): Promise<string[]> {
  const failed = (await readdir(folder)).filter((file) => file.endsWith(".failed")).map((file) => file.slice(0, -".failed".length));
  const told = await Promise.all(
    failed
      .toSorted()
      .map(async (name) => [`::: what failed in ${name}`, ...linesAboutFailures(await readFile(join(folder, `${name}.log`), "utf8"))]),
  );
  return told.flat();
}
