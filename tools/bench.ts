import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { formatTable } from "./bench/figures.ts";
import type { Figure } from "./bench/figures.ts";
import { BENCH_USAGE, parseBenchOptions } from "./bench/options.ts";
import type { BenchOptions } from "./bench/options.ts";
import { BY_NAME_ALONE, MEASURES, takeAll } from "./bench/plan.ts";
import { RESULTS_FOLDER } from "./results.ts";

/** One measure that fails is named, and the others are taken. */
async function bench(options: BenchOptions): Promise<{ figures: Figure[]; failed: number }> {
  const figures: Figure[] = [];
  let failed = 0;
  await takeAll(options, async (name, measure) => {
    const wanted = options.only.length > 0 ? options.only.includes(name) : !BY_NAME_ALONE.includes(name);
    if (!wanted) return;
    console.error(`… ${name}`);
    try {
      figures.push(...(await measure()));
    } catch (error) {
      failed++;
      console.error(`${name} could not be measured:`, error);
    }
  });
  return { figures, failed };
}

/** The figures of a run before; read first, since this run is written to the same file. */
async function figuresOf(file: string | undefined): Promise<Figure[]> {
  if (file === undefined) return [];
  const { figures } = JSON.parse(await readFile(file, "utf8")) as { readonly figures: Figure[] };
  return figures;
}

const isQuestion = process.argv.slice(2).includes("--help");
const options = parseBenchOptions(isQuestion ? [] : process.argv.slice(2), MEASURES);
if (isQuestion) {
  console.log(`${BENCH_USAGE}\n\nmeasures: ${MEASURES.join(", ")}\nonly by name: ${BY_NAME_ALONE.join(", ")}`);
} else if (typeof options === "string") {
  console.error(`${options}\n\n${BENCH_USAGE}`);
  process.exitCode = 2;
} else {
  const before = await figuresOf(options.compare);
  const { figures, failed } = await bench(options);
  console.log(formatTable(figures, before));
  await mkdir(RESULTS_FOLDER, { recursive: true });
  const report = { at: new Date().toISOString(), node: process.version, cores: cpus().length, options, figures };
  await writeFile(join(RESULTS_FOLDER, "bench.json"), `${JSON.stringify(report, null, 2)}\n`);
  if (failed > 0) process.exitCode = 1;
}
