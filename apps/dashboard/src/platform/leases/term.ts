import type { Component } from "@windfire/kit";

/** What runs while the lease is held, one term after the other. */
export interface Terms {
  carry(component: Component): Component;
  /** Starts everything. */
  begin(): Promise<void>;
  /** Stops everything, once however often it is called; resolves when nothing of the term runs any more. */
  end(): Promise<void>;
}

export interface TermDeps {
  /** A component could not be started: the term is to be ended. */
  readonly onFailed: (error: unknown) => void;
  /** One could not be stopped in order. */
  readonly onError: (error: unknown) => void;
}

/** See {@link Terms}. */
export function createTerms({ onFailed, onError }: TermDeps): Terms {
  const carried: Component[] = [];
  const running: Component[] = [];
  let wanted = false;
  let last: Promise<unknown> = Promise.resolve();

  /** One thing at a time: a term does not begin before the one before it is over. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  const startOne = async (component: Component): Promise<void> => {
    if (!wanted || running.includes(component)) return;
    try {
      await component.start?.();
      running.push(component);
    } catch (error) {
      wanted = false;
      onFailed(error);
    }
  };
  const stopOne = async (component: Component): Promise<void> => {
    try {
      await component.stop?.();
    } catch (error) {
      onError(error);
    }
  };
  const stopAll = async (): Promise<void> => {
    for (let component = running.pop(); component !== undefined; component = running.pop()) await stopOne(component);
  };
  const startAll = async (): Promise<void> => {
    for (const component of carried) await startOne(component);
  };
  return {
    carry: (component) => ({
      name: component.name,
      start: () => {
        carried.push(component);
        return inTurn(() => startOne(component));
      },
      stop: () =>
        inTurn(async () => {
          carried.splice(carried.indexOf(component), 1);
          const at = running.indexOf(component);
          if (at === -1) return;
          running.splice(at, 1);
          await component.stop?.();
        }),
    }),
    begin() {
      wanted = true;
      return inTurn(startAll);
    },
    end() {
      wanted = false;
      return inTurn(stopAll);
    },
  };
}
