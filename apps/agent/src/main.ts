import { resolve } from "node:path";
import { systemClock } from "@windfire/kit";
import { parseArguments, USAGE } from "./arguments.ts";
import { findAddresses } from "./collect/index.ts";
import { createAgent } from "./compose.ts";
import { configDisk, configText, createConfigStore } from "./config/index.ts";
import { createLog } from "./log.ts";
import { RELEASE } from "./release.ts";
import { fetchPage } from "./system/fetch-page.ts";

/** How long the agent may take to end after a signal. */
const STOP_DEADLINE_MS = 800;

const invocation = parseArguments(process.argv.slice(2));
switch (invocation.kind) {
  case "run":
    run(invocation.configPath);
    break;
  case "version":
    process.stdout.write(`windfire-agent version ${RELEASE}\n`);
    break;
  case "help":
    process.stdout.write(USAGE);
    break;
  case "find-addresses":
    process.stdout.write(JSON.stringify(await findAddresses(fetchPage, invocation.pages)));
    break;
  case "wrong":
    process.stderr.write(`${invocation.error}\n\n${USAGE}`);
    process.exitCode = 1;
}

function run(configPath: string): void {
  const store = createConfigStore({
    path: resolve(configPath),
    environment: process.env,
    disk: configDisk,
    text: configText,
    randomUuid: () => crypto.randomUUID(),
  });
  const config = store.load();
  if (!config.ok) {
    process.stderr.write(`init config failed: ${config.error}\n`);
    process.exitCode = 1;
    return;
  }
  const agent = createAgent({
    clock: systemClock,
    store,
    config: config.value,
    environment: process.env,
    entry: import.meta.filename,
    log: (isDebug) => createLog({ write: (line) => void process.stdout.write(line), now: systemClock.now, isDebug }),
    random: Math.random,
  });
  const stop = (): void => {
    setTimeout(() => process.exit(0), STOP_DEADLINE_MS).unref();
    void agent.stop().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  agent.start();
}
