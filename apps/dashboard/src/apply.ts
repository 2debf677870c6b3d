import { readFile } from "node:fs/promises";
import { CommandEnd, readArguments, runCommand } from "./command-line.ts";
import { CONNECTION_OPTIONS, CONNECTION_USAGE, connect } from "./compose/as-code/connection.ts";
import { parseDeclared } from "./compose/as-code/document.ts";
import { readLive } from "./compose/as-code/live.ts";
import { carryOut, planFor } from "./compose/as-code/plan.ts";
import { lineOf, linesOf } from "./compose/as-code/lines.ts";

const USAGE = `usage: windfire apply <file> -dry-run | -yes [-prune] ${CONNECTION_USAGE}

Makes a dashboard what a document says. What the document leaves out stays as it is.

  -dry-run  only says what would be done
  -yes      does it
  -prune    deletes what is in none of the document's sections, too`;

await runCommand("apply", async (args) => {
  const options = readArguments(args, USAGE, {
    ...CONNECTION_OPTIONS,
    "dry-run": { type: "boolean" },
    yes: { type: "boolean" },
    prune: { type: "boolean" },
  });
  const [file, extra] = options.rest;
  if (file === undefined || extra !== undefined || options.flag("dry-run") === options.flag("yes")) throw new CommandEnd(2, USAGE);
  const declared = parseDeclared(await readFile(file, "utf8"));
  const api = await connect(options, process.env);
  const live = await readLive(api);
  const plan = planFor(declared, live, { prune: options.flag("prune") });
  if (options.flag("dry-run") || plan.problems.length > 0) {
    process.stdout.write(linesOf(plan));
    return plan.problems.length > 0 ? 1 : 0;
  }
  await carryOut(plan, live, api, (step) => void process.stdout.write(lineOf(step)));
  return 0;
});
