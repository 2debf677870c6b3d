import { resolve } from "node:path";
import { systemClock } from "@windfire/kit";
import { CommandEnd, readArguments, runCommand } from "./command-line.ts";
import { inspectFolder } from "./compose/inspection/inspect.ts";

const USAGE = `usage: windfire check <folder> [-json]

Says what the first start on an existing data folder, of Nezha or of ours, will do and meet. Changes nothing.
Exit code 0: it will start, whatever is listed below; 1: it will not, and the lines marked with ! say why.

  -json  one JSON object for each line

windfire check --running asks a dashboard that runs.`;

const MARKS = { stop: "!", lost: "-", note: " " } as const;

await runCommand("check", async (args) => {
  const { flag, rest } = readArguments(args, USAGE, { json: { type: "boolean" } });
  const [folder, extra] = rest;
  if (folder === undefined || extra !== undefined) throw new CommandEnd(2, USAGE);
  const findings = await inspectFolder(resolve(folder), { clock: systemClock, env: process.env });
  for (const finding of findings) {
    process.stdout.write(flag("json") ? `${JSON.stringify(finding)}\n` : `${MARKS[finding.weight]} ${finding.text}\n`);
  }
  const willStart = !findings.some(({ weight }) => weight === "stop");
  if (!flag("json")) process.stdout.write(willStart ? "It will start.\n" : "It will not start.\n");
  return willStart ? 0 : 1;
});
// The dashboard that was rehearsed has timers of its own; what was written is out before the process ends.
process.stdout.write("", () => process.exit());
