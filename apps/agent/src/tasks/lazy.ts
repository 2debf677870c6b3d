import type { RunTask } from "./task-kind.ts";

/** A kind of task whose code is loaded when the first one comes: an agent that is never asked never pays for it. */
export function lazyTask(load: () => Promise<RunTask>): RunTask {
  let loaded: Promise<RunTask> | undefined;
  return async (task, context) => {
    loaded ??= load();
    const run = await loaded;
    return run(task, context);
  };
}
