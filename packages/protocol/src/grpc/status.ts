/** gRPC status codes that either side of the wire uses. */
export const STATUS = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  dataLoss: 15,
  unauthenticated: 16,
} as const;

export type StatusCode = (typeof STATUS)[keyof typeof STATUS];

/** How a call ended. `message` is empty for most successes. */
export interface CallStatus {
  readonly code: StatusCode;
  readonly message: string;
}

const PLAIN = /^[ -$&-~]*$/;
const encoder = new TextEncoder();

/** Text of a `grpc-message` trailer: UTF-8, bytes other than printable ASCII and `%` itself as `%XX`. */
export function encodeStatusMessage(text: string): string {
  if (PLAIN.test(text)) return text;
  let encoded = "";
  for (const byte of encoder.encode(text)) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}

/** Reads a `grpc-message` trailer. A `%` without two hex digits stays as it is, broken UTF-8 becomes U+FFFD. */
export function decodeStatusMessage(encoded: string): string {
  if (!encoded.includes("%")) return encoded;
  const bytes: number[] = [];
  for (let index = 0; index < encoded.length; index += 1) {
    const hex = encoded.slice(index + 1, index + 3);
    if (encoded[index] === "%" && /^[0-9a-fA-F]{2}$/.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      index += 2;
    } else bytes.push(...encoder.encode(encoded[index] ?? ""));
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

const MILLISECONDS: Record<string, number> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** Milliseconds of a `grpc-timeout` header such as `10S` or `9998m`; undefined when it is none. */
export function parseTimeout(header: string): number | undefined {
  const match = /^(\d{1,8})([HMSmun])$/.exec(header);
  if (match === null) return undefined;
  const [, digits = "", unit = ""] = match;
  return Number(digits) * (MILLISECONDS[unit] ?? 0);
}
