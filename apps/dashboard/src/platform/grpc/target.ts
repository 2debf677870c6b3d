import type { IncomingHttpHeaders } from "node:http2";
import { type CallStatus, parseTimeout, SERVICE, STATUS } from "@windfire/protocol";

const CONTENT_TYPES = new Set(["application/grpc", "application/grpc+proto"]);

/** Whether a request is a call of the agents' service, by content type and path (spec 20 section 1, spec 10 section 1.2). */
export function isCall(headers: IncomingHttpHeaders): boolean {
  return CONTENT_TYPES.has(headers["content-type"] ?? "") && (headers[":path"] ?? "").startsWith(`/${SERVICE}`);
}

/** Bare method name, or why the call cannot be made. */
export function methodOf(headers: IncomingHttpHeaders, isKnown: (method: string) => boolean): string | CallStatus {
  const path = headers[":path"] ?? "";
  const slash = path.lastIndexOf("/");
  if (slash === 0) return unimplemented(`malformed method name: ${JSON.stringify(path)}`);
  const service = path.slice(1, slash);
  const method = path.slice(slash + 1);
  if (service !== SERVICE) return unimplemented(`unknown service ${service}`);
  if (!isKnown(method)) return unimplemented(`unknown method ${method} for service ${service}`);
  const encoding = headers["grpc-encoding"] ?? "identity";
  if (encoding !== "identity") return unimplemented(`grpc: Decompressor is not installed for grpc-encoding ${JSON.stringify(encoding)}`);
  return method;
}

function unimplemented(message: string): CallStatus {
  return { code: STATUS.unimplemented, message };
}

/** Milliseconds the caller gives us; undefined without a limit, "malformed" for a header that is none. */
export function timeoutOf(headers: IncomingHttpHeaders): number | undefined | "malformed" {
  const header = headers["grpc-timeout"];
  if (header === undefined) return undefined;
  return (typeof header === "string" ? parseTimeout(header) : undefined) ?? "malformed";
}
