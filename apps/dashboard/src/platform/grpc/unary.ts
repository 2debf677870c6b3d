import { STATUS } from "@windfire/protocol";
import { type ActiveCall, type CallServices, type CallSteps, finish, runCall } from "./active-call.ts";
import type { CallInfo, UnaryMethod } from "./call.ts";
import { NO_MESSAGE } from "./fault.ts";

/** Serves a call of one message each way. It is answered as soon as the message is there; later ones are ignored. */
export function runUnary<Caller>(call: ActiveCall, info: CallInfo, method: UnaryMethod<Caller>, services: CallServices<Caller>): void {
  let received = false;

  async function answer(message: Buffer, caller: Caller): Promise<void> {
    try {
      const result = await method.handle(message, caller, info);
      if (!(result instanceof Uint8Array)) return finish(call, result);
      call.answer.send(result);
      finish(call, { code: STATUS.ok, message: "" });
    } catch (error) {
      services.fail(call, error);
    }
    return undefined;
  }

  const steps: CallSteps<Caller> = {
    onOpen(caller, request) {
      request.onMessage((message) => {
        received = true;
        request.stop();
        void answer(message, caller);
      });
    },
    onEnd: () => (received ? undefined : finish(call, NO_MESSAGE)),
  };
  runCall(call, info, steps, services);
}
