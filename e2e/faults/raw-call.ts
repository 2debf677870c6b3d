import { Buffer } from "node:buffer";
import { connect } from "node:http2";
import { decodeStatusMessage, methodPath } from "@windfire/protocol";
import type { MethodName } from "@windfire/protocol";

export interface CallEnd {
  /** gRPC status. */
  readonly code: number;
  readonly message: string;
}

/** One message as it goes over the wire: flag, length, bytes. */
export function framed(message: Uint8Array, flag = 0): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/**
 * Makes one call with exactly these bytes and headers, and tells how it ended. Rejects when the connection breaks without a status.
 *
 * @param base `http://host:port`
 */
export async function rawCall(base: string, method: MethodName, body: Buffer, headers: Record<string, string>): Promise<CallEnd> {
  const session = connect(base);
  try {
    return await new Promise((resolve, reject) => {
      session.on("error", reject);
      const stream = session.request({
        ":method": "POST",
        ":path": methodPath(method),
        "content-type": "application/grpc",
        te: "trailers",
        ...headers,
      });
      const look = (received: Record<string, unknown>): void => {
        const code = received["grpc-status"];
        if (typeof code === "string") resolve({ code: Number(code), message: decodeStatusMessage(String(received["grpc-message"] ?? "")) });
      };
      stream.on("response", look);
      stream.on("trailers", look);
      stream.on("error", reject);
      stream.on("close", () => reject(new Error("the call ended without a status")));
      stream.resume();
      stream.end(body);
    });
  } finally {
    session.close();
  }
}
