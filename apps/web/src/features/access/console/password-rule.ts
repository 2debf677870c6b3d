/** Bytes of a new password; the dashboard's own limits (spec 10 section 11.3). */
export const PASSWORD_LENGTH = { shortest: 6, longest: 72 } as const;

/** Whether a new password has a length that is taken. */
export function fitsLength(password: string): boolean {
  const length = new TextEncoder().encode(password).length;
  return length >= PASSWORD_LENGTH.shortest && length <= PASSWORD_LENGTH.longest;
}

export type Strength = "weak" | "fair" | "good";

/** Sizes of the alphabets that a character may come from. */
const ALPHABETS: readonly (readonly [RegExp, number])[] = [
  [/\p{Ll}/u, 26],
  [/\p{Lu}/u, 26],
  [/\d/, 10],
  [/[^\p{L}\d]/u, 30],
];
const FAIR_BITS = 45;
const GOOD_BITS = 70;

/**
 * How long whoever has stolen the hash would have to guess, roughly. What repeats counts once. Whether a password is common is for the
 * dashboard to say.
 */
export function strengthOf(password: string): Strength {
  const size = ALPHABETS.reduce((sum, [pattern, letters]) => (pattern.test(password) ? sum + letters : sum), 0);
  const characters = Array.from(password);
  const fresh = characters.filter(
    (character, index) => character !== characters[index - 1] && characters.indexOf(character) >= index - 8,
  ).length;
  const distinct = new Set(characters).size;
  const bits = Math.min(fresh, 2 * distinct) * Math.log2(Math.max(size, 1));
  if (bits >= GOOD_BITS) return "good";
  return bits >= FAIR_BITS ? "fair" : "weak";
}
