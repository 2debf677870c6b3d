#!/usr/bin/env node
// Usage: windfire <command> [arguments]
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { COMMANDS, commandOf } from "./commands.mjs";
import { launch } from "./launch.mjs";
import { programFile } from "./packed.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

function usage() {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const rows = Object.entries(COMMANDS).map(([name, { does }]) => `  ${name.padEnd(width)}  ${does}`);
  return ["usage: windfire <command> [arguments]", "", ...rows, "", "windfire <command> -h lists the arguments of a command."].join("\n");
}

const words = process.argv.slice(2);
const [first = ""] = words;
const command = commandOf(words);
if (["-v", "--version"].includes(first)) {
  console.log(JSON.parse(readFileSync(here("../package.json"), "utf8")).version);
} else if (["-h", "--help", "help"].includes(first)) {
  console.log(usage());
} else if (command) {
  await launch(programFile(command.name).file, command.args);
} else {
  console.error(first === "" ? usage() : `windfire: unknown command ${first}\n\n${usage()}`);
  process.exitCode = 2;
}
