import { parseStreamOrder } from "@windfire/protocol";
import type { RunTask } from "../tasks/task-kind.ts";

const TEXT = "This agent offers no terminal.\r\n";

/** Terminal (task 8) where there is none to give: whoever waits for it is told at once, not after a time-out. */
export const refuseTerminal: RunTask = ({ data }, { openIo }) => {
  const order = parseStreamOrder(data);
  if (order === undefined) return undefined;
  const stream = openIo(order.streamId, { onData: () => undefined, onEnd: () => undefined });
  stream.send(Buffer.from(TEXT));
  stream.end();
  return undefined;
};
