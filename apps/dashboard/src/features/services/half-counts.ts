/** Half an hour. */
export const HALF_MS = 1_800_000;
export const DAY_MS = 86_400_000;
/** Half hours of a day of UTC. */
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

/** Of two times together; {@link NONE} where both have no results. */
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

const SEMICOLON = 59;
const COMMA = 44;
const ZERO = 48;

/**
 * Reads a text of halves to its end; only we write it. Of those with results `take` gets the place and the four counts. Ninety rows of each
 * part of a page are read at a time, so nothing is made on the way.
 */
export function readHalves(
  text: string,
  take: (half: number, up: number, down: number, plannedUp: number, plannedDown: number) => void,
): void {
  const counts = [0, 0, 0, 0];
  let [half, field, value] = [0, 0, 0];
  let isThere = false;
  for (let at = 0; at <= text.length; at++) {
    const code = at === text.length ? SEMICOLON : text.charCodeAt(at);
    if (code !== SEMICOLON && code !== COMMA) {
      value = value * 10 + code - ZERO;
      isThere = true;
      continue;
    }
    counts[field++] = value;
    value = 0;
    if (code === COMMA) continue;
    const [up = 0, down = 0, plannedUp = 0, plannedDown = 0] = counts;
    if (isThere) take(half, up, down, plannedUp, plannedDown);
    counts.fill(0);
    half++;
    field = 0;
    isThere = false;
  }
}

/** The half hours of a day as `textOf` wrote them: {@link HALVES} of them. */
export function countsIn(text: string): Counts[] {
  const halves = Array.from({ length: HALVES }, () => NONE);
  readHalves(text, (half, up, down, plannedUp, plannedDown) => (halves[half] = { up, down, plannedUp, plannedDown }));
  return halves;
}
