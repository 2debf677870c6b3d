import { randomBytes } from "node:crypto";

/** A version 4 UUID whose last 12 digits are a replica's name: whoever has the name of a stream knows where it is. */
export function newStreamId(replica: string, random: (size: number) => Uint8Array = randomBytes): string {
  const bytes = Buffer.from(random(10));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = bytes.toString("hex");
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), replica].join("-");
}

/** The replica that keeps a stream. */
export function replicaOf(streamId: string): string {
  return streamId.slice(-12);
}
