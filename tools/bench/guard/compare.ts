/** What is watched, by name; the smaller the better. */
export type Watched = Readonly<Record<string, number>>;

/** So much more than what is written down is a step back. */
export const MOST_GROWTH = 0.25;

/** Says of every figure that grew too much what it was and what it is. */
export function stepsBack(now: Watched, accepted: Watched): string[] {
  return Object.entries(accepted).flatMap(([name, was]) => {
    const is = now[name];
    if (is === undefined) return [`${name} was not measured`];
    return is > was * (1 + MOST_GROWTH) ? [`${name}: ${short(is)}, was ${short(was)} (+${Math.round(100 * (is / was - 1))} %)`] : [];
  });
}

/** The better of two runs: what others did on the machine only ever makes a figure larger. */
export function better(one: Watched, other: Watched): Watched {
  return Object.fromEntries(Object.entries(one).map(([name, value]) => [name, Math.min(value, other[name] ?? value)]));
}

/** A figure as it is told and written down: four digits that mean something. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
