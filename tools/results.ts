import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where test runs leave their counts for the closing line. */
export const RESULTS_FOLDER = fileURLToPath(new URL("../.results", import.meta.url));

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export const NO_COUNTS: Counts = { passed: 0, failed: 0 };

export function addCounts(one: Counts, other: Counts): Counts {
  return { passed: one.passed + other.passed, failed: one.failed + other.failed };
}

/** The counts in the closing line of a driver: `N passed, N failed`. Undefined when it did not get that far. */
export function parseClosingLine(output: string): Counts | undefined {
  const last = [...output.matchAll(/^(\d+) passed, (\d+) failed/gm)].at(-1);
  return last === undefined ? undefined : { passed: Number(last[1]), failed: Number(last[2]) };
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/**
 * The counts in Vitest's JSON report. A file that failed without a failed test (it could not be loaded, or what it does before or after
 * its tests failed) is a failure too.
 */
export function parseVitestReport(text: string): Counts {
  const report = JSON.parse(text) as VitestReport;
  const files = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + files.length };
}

/** A line for each test and file that failed in Vitest's JSON report: its name, and the first line of why. */
export function failedInVitestReport(text: string): string[] {
  const { testResults } = JSON.parse(text) as VitestReport;
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === "failed");
    const told = tests.map((test) => `FAIL ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`);
    return status === "failed" && tests.length === 0 ? [`FAIL ${name}: ${firstLine(message)}`] : told;
  });
}

const firstLine = (text = ""): string => text.split("\n", 1)[0] ?? "";

/** Leaves the counts of one suite. */
export async function writeCounts(suite: string, counts: Counts, folder = RESULTS_FOLDER): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${suite}.counts.json`), JSON.stringify(counts));
}

/** Sums every count and every report of Vitest that lies in the folder. */
export async function readCounts(folder = RESULTS_FOLDER): Promise<Counts> {
  let sum = NO_COUNTS;
  const read = (file: string): Promise<string> => readFile(join(folder, file), "utf8");
  for (const file of await readdir(folder)) {
    if (file.endsWith(".counts.json")) sum = addCounts(sum, JSON.parse(await read(file)) as Counts);
    else if (file.endsWith(".vitest.json")) sum = addCounts(sum, parseVitestReport(await read(file)));
  }
  return sum;
}
