import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readState, takeBack, versionFolder } from "./update/program-folder.ts";
import type { ProgramState, TrialFailure } from "./update/program-folder.ts";

/** Set for a version on trial, so that it is started and not watched again. */
const TRIAL_VARIABLE = "WINDFIRE_AGENT_TRIAL";
/** Tells the agent where it is installed. */
const ROOT_VARIABLE = "WINDFIRE_AGENT_ROOT";
const LOOK_MS = 250;
const KILL_MS = 5000;

/** An installed agent is started through this program, which stays when the agent is replaced. */
async function launch(root: string, args: readonly string[]): Promise<void> {
  process.env[ROOT_VARIABLE] = root;
  const state = readState(root);
  const isRun = args.every((argument, index) => argument.startsWith("-") || args[index - 1]?.startsWith("-") === true);
  if (process.env[TRIAL_VARIABLE] !== undefined) endWithParent();
  if (state.trial === undefined || !isRun || process.env[TRIAL_VARIABLE] !== undefined) return start(root, state);
  const failure = await watchTrial(root, state.trial.patienceMs, args);
  start(root, failure === undefined ? readState(root) : takeBack(root, failure));
}

/** A version on trial whose launcher was killed would report beside the one that is started next. */
function endWithParent(): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, LOOK_MS);
  timer.unref();
}

/** In this process. A later look at `process.argv` finds the launcher as the program, which is what has to be started again. */
function start(root: string, { current }: ProgramState): void {
  createRequire(join(root, "launcher"))(join(versionFolder(root, current), "agent.cjs"));
}

/** How the version that runs as a child fails; undefined when it comes to report in time. It is gone afterwards, either way. */
async function watchTrial(root: string, patienceMs: number, args: readonly string[]): Promise<TrialFailure | undefined> {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? "", ...args], {
    stdio: "inherit",
    env: { ...process.env, [TRIAL_VARIABLE]: "1" },
  });
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    const end = (): void => {
      isGone = true;
      resolve();
    };
    child.once("error", end);
    child.once("exit", end);
  });
  const stop = (): void => {
    child.kill("SIGTERM");
    void gone.then(() => process.exit(0));
  };
  process.once("SIGTERM", stop).once("SIGINT", stop);
  const deadline = Date.now() + patienceMs;
  const isProven = (): boolean => readState(root).trial === undefined;
  while (!isProven() && !isGone && Date.now() < deadline) await Promise.race([gone, pause(LOOK_MS)]);
  const failure = isProven() ? undefined : isGone ? "ended" : "silent";
  child.kill("SIGTERM");
  await Promise.race([gone, pause(KILL_MS)]);
  child.kill("SIGKILL");
  await gone;
  process.off("SIGTERM", stop).off("SIGINT", stop);
  const what = { ended: "ended by itself", silent: "does not report" };
  process.stdout.write(
    failure === undefined ? "the new version reports\n" : `the new version ${what[failure]}; the one before is taken back\n`,
  );
  return failure;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

launch(dirname(process.argv[1] ?? ""), process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
