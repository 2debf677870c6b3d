/** Points of a metric as the text that clients read. */
export async function pointsText(points: Promise<Uint8Array>): Promise<string> {
  return Buffer.from(await points).toString();
}
