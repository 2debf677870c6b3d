/** How an agent of ours names its release, behind the number of the official one that it stands in for: `2.3.7+windfire.0.1.0`. */
const OURS = /\+windfire\.(\d+)\.(\d+)\.(\d+)/;
const RELEASE = /^v?(\d+)\.(\d+)\.(\d+)/;

/** Whether an agent of ours is older than the dashboard, whose releases have the same numbers. Of official ones nothing is known. */
export function isOutdated(agent: string | undefined, dashboard: string | undefined): boolean {
  const [theirs, ours] = [numbersOf(OURS, agent), numbersOf(RELEASE, dashboard)];
  if (theirs === undefined || ours === undefined) return false;
  const at = theirs.findIndex((part, i) => part !== ours[i]);
  return at !== -1 && (theirs[at] ?? 0) < (ours[at] ?? 0);
}

function numbersOf(pattern: RegExp, version: string | undefined): readonly number[] | undefined {
  const found = pattern.exec(version ?? "");
  return found === null ? undefined : found.slice(1).map(Number);
}
