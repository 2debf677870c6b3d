import type { Indicator, ShownState } from "../view/model.ts";
import { markup, trusted } from "./html.ts";
import type { Html } from "./html.ts";

/** A shape for each state: colour alone says nothing. Drawn on a grid of 16 × 16. */
const SHAPES = {
  ok: '<circle cx="8" cy="8" r="7" fill="currentColor"/><path d="m4.8 8.3 2.2 2.2 4.3-4.6" fill="none" stroke="var(--card)" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/>',
  warn: '<path d="M6.7 1.8a1.5 1.5 0 0 1 2.6 0l5.8 10.3a1.5 1.5 0 0 1-1.3 2.2H2.2a1.5 1.5 0 0 1-1.3-2.2z" fill="currentColor"/><path d="M8 5.4v3.8" fill="none" stroke="var(--card)" stroke-width="1.8" stroke-linecap="round"/><circle cx="8" cy="11.8" r="1" fill="var(--card)"/>',
  crit: '<path d="M7 .9a1.4 1.4 0 0 1 2 0L15.1 7a1.4 1.4 0 0 1 0 2L9 15.1a1.4 1.4 0 0 1-2 0L.9 9a1.4 1.4 0 0 1 0-2z" fill="currentColor"/><path d="M8 4.6v4" fill="none" stroke="var(--card)" stroke-width="1.8" stroke-linecap="round"/><circle cx="8" cy="11.2" r="1" fill="var(--card)"/>',
  maint:
    '<rect x="1.2" y="1.2" width="13.6" height="13.6" rx="3.2" fill="currentColor"/><path d="M6.2 5.2v5.6M9.8 5.2v5.6" fill="none" stroke="var(--card)" stroke-width="1.8" stroke-linecap="round"/>',
  none: '<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.6 2.4"/>',
  bell: '<path d="M8 2a4 4 0 0 1 4 4c0 4 1.6 5 1.6 5H2.4S4 10 4 6a4 4 0 0 1 4-4zM6.8 13.4a1.4 1.4 0 0 0 2.4 0" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round" stroke-linecap="round"/>',
  pulse:
    '<rect width="16" height="16" rx="4" fill="currentColor"/><path d="M2.8 8.6h2l1.6-3.8 2.6 6.6 1.6-4 .7 1.2h1.9" fill="none" stroke="var(--ground)" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/>',
} as const;

export type Shape = keyof typeof SHAPES;

/** The shapes, once for the page. */
export const sprite: Html = markup`<svg width="0" height="0" aria-hidden="true" class="vh"><defs>${trusted(
  Object.entries(SHAPES)
    .map(([name, shape]) => `<symbol id="i-${name}" viewBox="0 0 16 16">${shape}</symbol>`)
    .join(""),
)}</defs></svg>`;

export function icon(shape: Shape): Html {
  return markup`<svg class="i t-${shape}" aria-hidden="true"><use href="#i-${shape}"/></svg>`;
}

const OF_STATE: Readonly<Record<ShownState, Shape>> = {
  operational: "ok",
  maintenance: "maint",
  degraded: "warn",
  partial: "warn",
  down: "crit",
  unknown: "none",
};
export const shapeOf = (state: ShownState): Shape => OF_STATE[state];

const OF_INDICATOR: Readonly<Record<Indicator | "unknown", Shape>> = {
  none: "ok",
  maintenance: "maint",
  minor: "warn",
  major: "warn",
  critical: "crit",
  unknown: "none",
};
export const shapeOfIndicator = (indicator: Indicator | "unknown"): Shape => OF_INDICATOR[indicator];
