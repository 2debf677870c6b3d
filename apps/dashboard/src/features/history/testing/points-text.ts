import type { LentBytes } from "#platform/http";

/** Points of a metric as the text that clients read. */
export async function pointsText(points: Promise<LentBytes>): Promise<string> {
  return Buffer.from((await points).bytes).toString();
}
