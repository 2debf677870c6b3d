export const HALF_MS = 1_800_000;
export const DAY_MS = 86_400_000;
export const HALVES = DAY_MS / HALF_MS;

/** Results of a time; those that came while planned work was under way apart, because availability leaves them out. */
export interface Counts {
  readonly up: number;
  readonly down: number;
  readonly plannedUp: number;
  readonly plannedDown: number;
}

/** The one that stands for no results. */
export const NONE: Counts = { up: 0, down: 0, plannedUp: 0, plannedDown: 0 };

export function sumOf(one: Counts, other: Counts): Counts {
  if (one === NONE) return other;
  if (other === NONE) return one;
  return {
    up: one.up + other.up,
    down: one.down + other.down,
    plannedUp: one.plannedUp + other.plannedUp,
    plannedDown: one.plannedDown + other.plannedDown,
  };
}

/** `60,1;;58,0,2,1`: up and down, and of planned work, where there was some; nothing for halves without results. */
export function textOf(halves: readonly Counts[]): string {
  const text = halves.map((counts) => {
    if (counts === NONE) return "";
    const { up, down, plannedUp, plannedDown } = counts;
    return plannedUp + plannedDown === 0 ? `${up},${down}` : `${up},${down},${plannedUp},${plannedDown}`;
  });
  return text.join(";");
}

/** Only we write the text. */
export function countsIn(text: string): Counts[] {
  return text.split(";").map((half) => {
    if (half === "") return NONE;
    const [up = 0, down = 0, plannedUp = 0, plannedDown = 0] = half.split(",").map(Number);
    return { up, down, plannedUp, plannedDown };
  });
}
