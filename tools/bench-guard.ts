import { readFile, writeFile } from "node:fs/promises";
import { better, short, stepsBack } from "./bench/guard/compare.ts";
import type { Watched } from "./bench/guard/compare.ts";
import { takeWatched } from "./bench/guard/take.ts";
import { writeCounts } from "./results.ts";

const ACCEPTED = new URL("./bench/guard/accepted.json", import.meta.url);
const USAGE = `usage: npm run bench:guard [-- --accept]`;

/** Fails when a figure went back by a quarter, also when looked at once more. With `--accept` what is measured becomes what is compared with. */
async function guard(accept: boolean): Promise<number> {
  let now = await takeWatched();
  if (accept) {
    const rounded = Object.fromEntries(Object.entries(now).map(([name, value]) => [name, Number(short(value))]));
    await writeFile(ACCEPTED, `${JSON.stringify(rounded, null, 2)}\n`);
    return 0;
  }
  const accepted = JSON.parse(await readFile(ACCEPTED, "utf8")) as Watched;
  if (stepsBack(now, accepted).length > 0) now = better(now, await takeWatched());
  for (const [name, value] of Object.entries(now))
    console.log(`${name}: ${short(value)} (accepted ${short(accepted[name] ?? Number.NaN)})`);
  const back = stepsBack(now, accepted);
  for (const line of back) console.error(`a step back: ${line}`);
  await writeCounts("figures", { passed: Object.keys(accepted).length - back.length, failed: back.length });
  return back.length === 0 ? 0 : 1;
}

const args = process.argv.slice(2);
if (args.some((argument) => argument !== "--accept")) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  process.exitCode = await guard(args.includes("--accept"));
}
