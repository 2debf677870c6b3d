/** Response header by which a dashboard of ours says what it understands beyond the reference, with commas between. */
export const FEATURES_HEADER = "windfire-features";

/** `rights`: Host field 1000. `late-states`: method ReportLateStates. */
export const FEATURES = ["rights", "late-states"] as const;
export type Feature = (typeof FEATURES)[number];

/** Names that this side does not know are passed over. */
export function parseFeatures(header: string): Feature[] {
  const names = new Set(header.split(",").map((name) => name.trim()));
  return FEATURES.filter((feature) => names.has(feature));
}
