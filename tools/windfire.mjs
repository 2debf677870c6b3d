#!/usr/bin/env node
// Usage: windfire <command> [arguments]
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch } from "./launch.mjs";
import { programFile } from "./packed.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const COMMANDS = {
  dashboard: { does: "run the dashboard (-c config.yaml -db sqlite.db)" },
  "reset-password": {
    does: "give a user a new password (-db sqlite.db [user]); stop the dashboard first",
  },
  agent: {
    does: "run an agent on this host (-c config.yml)",
  },
};

function usage() {
  const rows = Object.entries(COMMANDS).map(([name, { does }]) => `  ${name.padEnd(15)} ${does}`);
  return ["usage: windfire <command> [arguments]", "", ...rows, "", "windfire <command> -h lists the arguments of a command."].join("\n");
}

const [name = "", ...args] = process.argv.slice(2);
if (["-v", "--version"].includes(name)) {
  console.log(JSON.parse(readFileSync(here("../package.json"), "utf8")).version);
} else if (["-h", "--help", "help"].includes(name)) {
  console.log(usage());
} else if (Object.hasOwn(COMMANDS, name)) {
  await launch(programFile(name).file, args);
} else {
  console.error(name === "" ? usage() : `windfire: unknown command ${name}\n\n${usage()}`);
  process.exitCode = 2;
}
