import { refuseText } from "#kernel";
import type { PageSettings } from "./model.ts";

/** Texts need so much (WCAG 2.2, 1.4.3). */
const LEAST = 4.5;

/** Colours that stand on the ground and on cards, as the style sheet has them (`drawing/style.ts`). */
export const PALETTE = {
  light: { ground: "#f4f6f7", card: "#ffffff", texts: ["#12181f", "#46515d", "#5d6874", "#0a6e53", "#855000", "#b0241d", "#5645be"] },
  dark: { ground: "#0d1115", card: "#14181d", texts: ["#e8ecf0", "#aab5c0", "#8c99a5", "#52cba4", "#f0b64a", "#ff8d81", "#aca1f6"] },
} as const;

/** @throws {AppError} naming the colour that cannot be read, and where */
export function requireReadable(settings: Pick<PageSettings, "accent" | "accent_dark" | "ground" | "ground_dark">): void {
  requireGround("ground", settings.ground, "light");
  requireGround("ground_dark", settings.ground_dark, "dark");
  requireAccent("accent", settings.accent, { ...PALETTE.light, ground: settings.ground || PALETTE.light.ground });
  requireAccent("accent_dark", settings.accent_dark, { ...PALETTE.dark, ground: settings.ground_dark || PALETTE.dark.ground });
}

function requireGround(field: string, colour: string, theme: "light" | "dark"): void {
  if (colour === "") return;
  for (const text of PALETTE[theme].texts) requireContrast(field, colour, `the text ${text}`, text);
}

function requireAccent(field: string, colour: string, { ground, card }: { readonly ground: string; readonly card: string }): void {
  if (colour === "") return;
  requireContrast(field, colour, `the ground ${ground}`, ground);
  requireContrast(field, colour, `cards (${card})`, card);
}

function requireContrast(field: string, colour: string, what: string, other: string): void {
  const found = contrast(colour, other);
  if (found < LEAST) throw refuseText(`${field}: its contrast with ${what} is ${found.toFixed(1)}:1, and must be at least ${LEAST}:1`);
}

/** Contrast of two colours `#rrggbb`, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Relative luminance as WCAG defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Black or white, whichever is read better on a colour. */
export function inkOn(colour: string): string {
  return contrast(colour, "#ffffff") >= contrast(colour, "#0d1115") ? "#ffffff" : "#0d1115";
}
