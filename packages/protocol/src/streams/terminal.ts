import { bytesOf, concatenated, textOf } from "./bytes.ts";

const INPUT = 0;
const RESIZE = 1;

const COLS = { min: 2, max: 1000 };
const ROWS = { min: 2, max: 500 };

/** What a terminal frame asks the agent for (spec 20 section 10.2). */
export type TerminalFrame =
  | { readonly kind: "input"; readonly bytes: Uint8Array }
  | { readonly kind: "resize"; readonly cols: number; readonly rows: number };

export function formatTerminalInput(text: string): Uint8Array {
  return concatenated(Uint8Array.of(INPUT), bytesOf(text));
}

export function formatTerminalResize(cols: number, rows: number): Uint8Array {
  return concatenated(Uint8Array.of(RESIZE), bytesOf(JSON.stringify({ Cols: cols, Rows: rows })));
}

/** Undefined for frames that agents ignore: empty, unknown, bad JSON, a size out of bounds. */
export function parseTerminalFrame(bytes: Uint8Array): TerminalFrame | undefined {
  if (bytes[0] === INPUT) return { kind: "input", bytes: bytes.subarray(1) };
  return bytes[0] === RESIZE ? parseResize(textOf(bytes.subarray(1))) : undefined;
}

function parseResize(text: string): TerminalFrame | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const members = new Map<string, unknown>(Object.entries(parsed).map(([name, value]) => [name.toLowerCase(), value]));
  const cols = members.get("cols");
  const rows = members.get("rows");
  return isWithin(cols, COLS) && isWithin(rows, ROWS) ? { kind: "resize", cols, rows } : undefined;
}

function isWithin(value: unknown, bounds: { min: number; max: number }): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= bounds.min && value <= bounds.max;
}
