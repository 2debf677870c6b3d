import type { Grid } from "../shared/grid.ts";
import type { ChartSeries, ChartWindow } from "./chart-data.ts";

/** A cell of a file for spreadsheets: quoted where it has to be, and never a formula. */
function cell(text: string): string {
  const safe = /^[=+\-@]/.test(text) && !/^-?\d/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What a chart shows, a line a moment: times in ISO 8601, values as they are stored. */
export function chartCsv(grid: Grid, series: readonly ChartSeries[], window: ChartWindow): string {
  const head = ["time", ...series.map(({ label }) => label)].map(cell).join(",");
  const rows = grid.times.flatMap((at, i) => {
    const values = grid.columns.map((column) => column[i]);
    const inside = at >= window.from && at <= window.to && values.some((value) => typeof value === "number");
    return inside
      ? [[new Date(at).toISOString(), ...values.map((value) => (typeof value === "number" ? String(value) : ""))].join(",")]
      : [];
  });
  return `${[head, ...rows].join("\r\n")}\r\n`;
}

const TITLE_PX = 28;

/** The drawing with its title, on the ground of the page. */
export function chartPicture(drawn: HTMLCanvasElement, title: string, style: CSSStyleDeclaration): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  const scale = devicePixelRatio;
  canvas.width = drawn.width;
  canvas.height = drawn.height + TITLE_PX * scale;
  const context = canvas.getContext("2d");
  if (context === null) return Promise.resolve(null);
  context.fillStyle = style.getPropertyValue("--surface").trim();
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = style.getPropertyValue("--ink").trim();
  context.font = `${14 * scale}px ${style.fontFamily}`;
  context.fillText(title, 8 * scale, 19 * scale);
  context.drawImage(drawn, 0, TITLE_PX * scale);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** A name that every file system takes. */
export const fileName = (title: string, ending: string): string => `${title.replaceAll(/[^\p{L}\p{N}]+/gu, "-").toLowerCase()}.${ending}`;
