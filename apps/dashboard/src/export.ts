import { resolve } from "node:path";
import { writeFile } from "node:fs/promises";
import { readArguments, runCommand } from "./command-line.ts";
import { CONNECTION_OPTIONS, CONNECTION_USAGE, connect } from "./compose/as-code/connection.ts";
import { ambiguousNames, documentOf, textOf } from "./compose/as-code/document.ts";
import { readLive } from "./compose/as-code/live.ts";

const USAGE = `usage: windfire export [-o file] ${CONNECTION_USAGE}

Writes the settings, servers, groups, services, rules, channels, tasks and users of a dashboard as YAML, without secrets.

  -o file  where it goes; standard output otherwise`;

await runCommand("export", async (args) => {
  const options = readArguments(args, USAGE, { ...CONNECTION_OPTIONS, o: { type: "string" } });
  const live = await readLive(await connect(options, process.env));
  const ambiguous = ambiguousNames(live);
  if (ambiguous.length > 0) throw new Error(`names must be told apart; rename one of each:\n  ${ambiguous.join("\n  ")}`);
  const text = textOf(documentOf(live));
  const target = options.text("o");
  if (target === undefined) process.stdout.write(text);
  else await writeFile(resolve(target), text, { mode: 0o600 });
  return 0;
});
