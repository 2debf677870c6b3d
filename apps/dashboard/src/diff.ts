import { readFile } from "node:fs/promises";
import { CommandEnd, readArguments, runCommand } from "./command-line.ts";
import { CONNECTION_OPTIONS, CONNECTION_USAGE, connect } from "./compose/as-code/connection.ts";
import { parseDeclared } from "./compose/as-code/document.ts";
import { readLive } from "./compose/as-code/live.ts";
import { planFor } from "./compose/as-code/plan.ts";
import { linesOf } from "./compose/as-code/lines.ts";

const USAGE = `usage: windfire diff <file> ${CONNECTION_USAGE}

Says in what a dashboard differs from a document. Exit code 0: in nothing; 1: in something, or the document cannot be applied.`;

await runCommand("diff", async (args) => {
  const options = readArguments(args, USAGE, CONNECTION_OPTIONS);
  const [file, extra] = options.rest;
  if (file === undefined || extra !== undefined) throw new CommandEnd(2, USAGE);
  const declared = parseDeclared(await readFile(file, "utf8"));
  const plan = planFor(declared, await readLive(await connect(options, process.env)));
  process.stdout.write(linesOf(plan));
  return plan.steps.length + plan.problems.length === 0 ? 0 : 1;
});
