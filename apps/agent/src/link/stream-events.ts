import type { CallStatus } from "@windfire/protocol";

/** What a stream tells its owner. Nothing comes after `onEnd`. */
export interface StreamEvents {
  /**
   * Bytes of one message, only valid during the call. Whoever returns a promise is sent no more than a window full until
   * it resolves; it must not reject.
   */
  readonly onMessage: (message: Uint8Array) => void | Promise<void>;
  readonly onEnd: (status: CallStatus) => void;
}
