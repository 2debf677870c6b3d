const PLAIN = /^[\w.:/@+-]+$/;

/** One line for people: time, level, room, text, then the details as `name=value`. Details are censored already. */
export function textLine(time: string, level: string, room: string, text: string, details: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(details).map(([name, value]) => ` ${name}=${shown(value)}`);
  return `${time} ${level.toUpperCase().padEnd(5)} ${room === "" ? "" : `${room}: `}${oneLine(text)}${pairs.join("")}\n`;
}

function shown(value: unknown): string {
  return typeof value === "string" && PLAIN.test(value) ? value : (JSON.stringify(value) ?? "undefined");
}

/** A text that came from elsewhere must not look like a line of its own. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}
