/** Variables that name what dashboards of a run of tests share, besides a server of PostgreSQL. */
export const BUS = "WINDFIRE_TEST_BUS";
export const HISTORY = "WINDFIRE_TEST_HISTORY";

/** Lines of a configuration: where a dashboard of a test keeps its history, and what joins it to others. */
export function placeOf(history: "on" | "off"): string {
  const bus = process.env[BUS];
  if (bus === undefined) return `history: ${history}\n`;
  // What is without history elsewhere has one here, so that nothing but a test that asks for it goes by without.
  return `history: ${process.env[HISTORY]}\nbus: ${bus}\n`;
}
