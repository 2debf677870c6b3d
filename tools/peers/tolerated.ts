/** A line of the replay that cannot be met, and why the recording is wrong. */
interface Tolerated {
  readonly line: string;
  readonly reason: string;
}

const TOLERATED: readonly Tolerated[] = [
  {
    line: "  nat | visit: exact match, other case | body | expected 200 | got null",
    reason:
      "the host is matched in any case (spec 30 section 6.2), so the visit reaches the scripted agent, which answers a body alone and gets none: neither recorded answer can come",
  },
];

/** Why a line of the replay is no failure; undefined when it is one. */
export function toleratedReason(line: string): string | undefined {
  return TOLERATED.find((tolerated) => tolerated.line === line)?.reason;
}
