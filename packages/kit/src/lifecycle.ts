import type { Clock } from "./clock.ts";

/** Something that runs between a start and a stop. */
export interface Component {
  readonly name: string;
  start?(): Promise<void> | void;
  stop?(): Promise<void> | void;
}

/** How stopping went. */
export interface StopReport {
  /** Components whose stop failed. */
  readonly failed: readonly { readonly name: string; readonly error: unknown }[];
  /** Components that were still stopping, or had not begun to, when the time was up. */
  readonly late: readonly string[];
}

/** Starts components in order and stops those that started in reverse order. */
export interface Lifecycle {
  /** When one fails, those already started are stopped and the failure is thrown. */
  start(components: readonly Component[]): Promise<void>;
  /** Waits at most `deadlineMs` in all. A second call joins the first. */
  stop(deadlineMs: number): Promise<StopReport>;
}

/** See {@link Lifecycle}. */
export function createLifecycle(deps: { clock: Clock; startFailureDeadlineMs?: number }): Lifecycle {
  const started: Component[] = [];
  let stopping: Promise<StopReport> | undefined;

  const stopAll = async (deadlineMs: number): Promise<StopReport> => {
    const failed: { name: string; error: unknown }[] = [];
    const late: string[] = [];
    const deadline = deadlineOf(deps.clock, deadlineMs);
    for (let component = started.pop(); component !== undefined; component = started.pop()) {
      const { name } = component;
      if (deadline.expired()) {
        late.push(name);
        continue;
      }
      const stopped = stopOne(component).then(
        () => "stopped" as const,
        (error: unknown) => {
          failed.push({ name, error });
          return "stopped" as const;
        },
      );
      if ((await Promise.race([stopped, deadline.reached])) === "late") late.push(name);
    }
    deadline.cancel();
    return { failed, late };
  };

  const stop = (deadlineMs: number): Promise<StopReport> => (stopping ??= stopAll(deadlineMs));
  return {
    start: async (components) => {
      for (const component of components) {
        if (stopping !== undefined) return;
        try {
          await component.start?.();
          started.push(component);
        } catch (error) {
          await stop(deps.startFailureDeadlineMs ?? 5_000);
          throw error;
        }
      }
    },
    stop,
  };
}

async function stopOne(component: Component): Promise<void> {
  await component.stop?.();
}

function deadlineOf(clock: Clock, ms: number): { reached: Promise<"late">; expired: () => boolean; cancel: () => void } {
  const { promise, resolve } = Promise.withResolvers<"late">();
  let over = false;
  const timer = clock.setTimeout(() => {
    over = true;
    resolve("late");
  }, ms);
  return { reached: promise, expired: () => over, cancel: () => timer.cancel() };
}
