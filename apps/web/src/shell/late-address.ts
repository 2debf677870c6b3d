/** How long after the last key the address follows. */
const QUIET_MS = 200;

/** The address of what is being typed. */
export interface LateAddress {
  /** Replaces the address when nothing else was typed for a moment. */
  write(address: string): void;
  /** What is still to be written is written now. */
  settle(): void;
  /** What is still to be written was of a place that is left. */
  drop(): void;
}

interface LateAddressDeps {
  readonly replace: (address: string) => void;
  readonly after: (ms: number, run: () => void) => () => void;
}

/** What is typed goes to the address a moment later: writing it costs a telephone more than showing what was typed, and a browser refuses too many. */
export function createLateAddress({ replace, after }: LateAddressDeps): LateAddress {
  let waiting: { readonly address: string; readonly cancel: () => void } | undefined;
  const drop = () => {
    waiting?.cancel();
    waiting = undefined;
  };
  const settle = () => {
    if (waiting === undefined) return;
    const { address } = waiting;
    drop();
    replace(address);
  };
  return {
    write(address) {
      drop();
      waiting = { address, cancel: after(QUIET_MS, settle) };
    },
    settle,
    drop,
  };
}
