import type { MaintenanceView, PageView } from "../view/model.ts";
import { textIn, titleIn } from "../view/in-language.ts";
import { partName } from "../drawing/parts.ts";
import type { Words } from "../drawing/words.ts";
import { plainText } from "../drawing/markdown.ts";
import type { Places } from "./summary.ts";

const LONGEST_LINE = 75;

/** Planned maintenance as iCalendar (RFC 5545). */
export function calendarOf(view: PageView, words: Words, title: string, places: Places): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Windfire//Status page//EN",
    "METHOD:PUBLISH",
    `NAME:${text(title)}`,
    `X-WR-CALNAME:${text(title)}`,
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ...view.maintenances.flatMap((maintenance) => eventOf(view, words, maintenance, places)),
    "END:VCALENDAR",
  ];
  return lines.flatMap(folded).join("\r\n") + "\r\n";
}

function eventOf(view: PageView, words: Words, maintenance: MaintenanceView, places: Places): string[] {
  const { id, run, updatedAt, running, parts } = maintenance;
  const description = textIn(maintenance, words.language);
  const names = view.groups.flatMap((group) => group.parts).filter(({ key }) => parts.includes(key));
  return [
    "BEGIN:VEVENT",
    `UID:maintenance-${id}-${run.from}@${places.id}`,
    `DTSTAMP:${stamp(updatedAt)}`,
    `LAST-MODIFIED:${stamp(updatedAt)}`,
    `DTSTART:${stamp(run.from)}`,
    `DTEND:${stamp(run.to)}`,
    `SUMMARY:${text(titleIn(maintenance, words.language))}`,
    `DESCRIPTION:${text([names.map((part) => partName(part, words)).join(", "), plainText(description)].filter((line) => line !== "").join("\n\n"))}`,
    ...(/^https?:/.test(places.url) ? [`URL:${places.url}/#maintenance-${id}`] : []),
    `STATUS:${running ? "CONFIRMED" : "TENTATIVE"}`,
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
  ];
}

function stamp(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

function text(value: string): string {
  return value
    .replaceAll(/(?!\n)\p{Cc}/gu, "")
    .replaceAll("\\", "\\\\")
    .replaceAll(";", "\\;")
    .replaceAll(",", "\\,")
    .replaceAll("\n", "\\n");
}

/** Lines have at most 75 bytes; what goes on begins with a space. No character is torn. */
function folded(line: string): string[] {
  const lines: string[] = [];
  let current = "";
  let bytes = 0;
  for (const char of line) {
    const size = Buffer.byteLength(char);
    if (bytes + size > LONGEST_LINE) {
      lines.push(current);
      current = " ";
      bytes = 1;
    }
    current += char;
    bytes += size;
  }
  return [...lines, current];
}
