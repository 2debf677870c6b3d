/** After so many bytes it is asked whether they were taken. */
const ASK_BYTES = 64 * 1024;

/** Counts what a connection was given and its server has not taken yet; `ask` resolves when everything before was taken. */
export function createTaken(ask: () => Promise<void>) {
  let [sent, taken] = [0, 0];
  let isAsking = false;
  const look = async (): Promise<void> => {
    while (sent - taken >= ASK_BYTES) {
      const mark = sent;
      await ask();
      taken = mark;
    }
  };
  return {
    get waiting() {
      return sent - taken;
    },
    add(bytes: number): void {
      sent += bytes;
      if (isAsking || sent - taken < ASK_BYTES) return;
      isAsking = true;
      // A connection that has ended takes nothing: whoever counted for it is gone with it.
      look().then(
        () => (isAsking = false),
        () => undefined,
      );
    },
  };
}
