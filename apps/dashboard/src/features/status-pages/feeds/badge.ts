import { escapeHtml } from "../drawing/html.ts";
import type { Indicator } from "../view/model.ts";

/** Colours of badges: white text on them has a contrast of at least 4.5. */
const COLOURS: Readonly<Record<Indicator | "unknown", string>> = {
  none: "#0a6e53",
  maintenance: "#5645be",
  minor: "#855000",
  major: "#b0241d",
  critical: "#b0241d",
  unknown: "#505b67",
};

/** Rough widths of Verdana at 11 px; of scripts with wide signs a whole one each. */
function widthOf(text: string): number {
  let width = 0;
  for (const char of text)
    width += /[ijl.,:;'|!]/.test(char) ? 3.8 : /[\u1100-\uffef]/.test(char) ? 11.5 : /[mwMW@%]/.test(char) ? 10 : 6.9;
  return Math.ceil(width) + 12;
}

const LONGEST = 60;
const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

export interface Badge {
  readonly label: string;
  readonly message: string;
  readonly indicator: Indicator | "unknown";
}

/** As a picture. */
export function badgeSvg({ label, message, indicator }: Badge): string {
  const [left, right] = [short(label), short(message)];
  const [one, two] = [widthOf(left), widthOf(right)];
  const title = `${escapeHtml(left)}: ${escapeHtml(right)}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${one + two}" height="20" role="img" aria-label="${title}"><title>${title}</title><clipPath id="r"><rect width="${one + two}" height="20" rx="4"/></clipPath><g clip-path="url(#r)"><rect width="${one}" height="20" fill="#3a434d"/><rect x="${one}" width="${two}" height="20" fill="${COLOURS[indicator]}"/></g><g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11"><text x="${one / 2}" y="14">${escapeHtml(left)}</text><text x="${one + two / 2}" y="14">${escapeHtml(right)}</text></g></svg>`;
}

/** As shields.io reads it (endpoint badges). */
export function badgeJson({ label, message, indicator }: Badge): object {
  return { schemaVersion: 1, label: short(label), message: short(message), color: COLOURS[indicator], cacheSeconds: 300 };
}
