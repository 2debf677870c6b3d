import type { World } from "../world.ts";

/** One judge writes at a time. */
export function judgeJudges({ secondsAt, writes }: World): string[] {
  const findings: string[] = [];
  for (const [index, { at, by, holder, fence }] of writes.entries()) {
    if (by !== holder) findings.push(`${by} wrote at ${secondsAt(at)} s as the judge, which was ${holder}`);
    if (fence < (writes[index - 1]?.fence ?? 0)) findings.push(`${by} wrote at ${secondsAt(at)} s with an older number`);
  }
  return findings;
}
