import { createMessageSplitter, decodeStatusMessage, FramingError, STATUS } from "@windfire/protocol";
import type { CallStatus } from "@windfire/protocol";
import type { HeaderField } from "./http2/index.ts";
import type { StreamEvents } from "./stream-events.ts";

const CODES: ReadonlySet<number> = new Set(Object.values(STATUS));
const HTTP_OK = "200";

/** The receiving side of one call: headers and bytes to messages and a status. */
export interface CallReader {
  /** Response headers first, then trailers. */
  headers(fields: readonly HeaderField[]): void;
  /** Calls `onMessage` for every message that is complete; resolves when all of them are dealt with. */
  data(chunk: Uint8Array): void | Promise<void>;
  /** How the call ended. @param reset why it was cut off, undefined after a proper end */
  status(reset: string | undefined): CallStatus;
}

/** @param onBroken called once when the answer is none that can be used; the call is to be cut off then */
export function createCallReader(onMessage: StreamEvents["onMessage"], onBroken: () => void): CallReader {
  const splitter = createMessageSplitter();
  let status: CallStatus | undefined;
  let isBroken = false;

  const give = (code: CallStatus["code"], message: string): void => {
    status = { code, message };
    isBroken = true;
    onBroken();
  };

  return {
    headers: (fields) => {
      const headers = new Map(fields);
      status ??= statusOf(headers);
      const http = headers.get(":status");
      if (status !== undefined || http === undefined) return;
      if (http !== HTTP_OK) give(STATUS.unavailable, `HTTP status ${http} instead of an answer`);
      else if (headers.get("content-type")?.startsWith("application/grpc") !== true) give(STATUS.unavailable, "the answer is not gRPC");
    },
    data: (chunk) => {
      if (isBroken) return undefined;
      const working: Promise<void>[] = [];
      splitter.push(chunk);
      try {
        for (let message = splitter.next(); message !== undefined; message = splitter.next()) {
          const work = onMessage(message);
          if (work !== undefined) working.push(work);
        }
      } catch (error) {
        if (!(error instanceof FramingError)) throw error;
        give(STATUS.internal, error.message);
      }
      return working.length === 0 ? undefined : Promise.all(working).then(() => undefined);
    },
    status: (reset) => status ?? { code: STATUS.unavailable, message: reset ?? "the call ended without a status" },
  };
}

function statusOf(headers: ReadonlyMap<string, string>): CallStatus | undefined {
  const text = headers.get("grpc-status");
  if (text === undefined) return undefined;
  const number = Number(text);
  return { code: isCode(number) ? number : STATUS.unknown, message: decodeStatusMessage(headers.get("grpc-message") ?? "") };
}

function isCode(number: number): number is CallStatus["code"] {
  return CODES.has(number);
}
