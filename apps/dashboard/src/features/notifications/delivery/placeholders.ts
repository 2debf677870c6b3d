import { oneLine } from "@windfire/kit";
import type { Uint64 } from "@windfire/protocol";

/** What a message may tell of the server it is about; sizes in bytes. */
export interface MessageServer {
  readonly settings: { readonly id: number; readonly name: string; readonly note?: string };
  readonly address: { readonly ipv4: string; readonly ipv6: string };
  readonly host: Readonly<Record<"memTotal" | "swapTotal" | "diskTotal", Uint64>> | undefined;
  readonly state: (Readonly<Record<StateFigure, number>> & Readonly<Record<StateCounter, Uint64>>) | undefined;
}

type StateFigure = "cpu" | `load${"1" | "5" | "15"}`;
type StateCounter = `${"mem" | "swap" | "disk"}Used` | `net${"In" | "Out"}${"Speed" | "Transfer"}` | `${"tcp" | "udp"}ConnCount`;

/** Values by placeholder name without the `#` signs. */
export type Values = ReadonlyMap<string, string>;

/** Replaces the placeholders that have a value, each written by `escape`. Inserted values are not looked at again. */
export function fill(template: string, values: Values, escape: (value: string) => string): string {
  const names = [...values.keys()].map((name) => name.replaceAll(".", "\\.")).join("|");
  return template.replace(new RegExp(`#(${names})#`, "g"), (whole, name: string) => {
    const value = values.get(name);
    return value === undefined ? whole : escape(value);
  });
}

/** In a URL a placeholder without a value becomes empty: left alone, its `#` would cut the rest of the query off. */
export function fillUrl(template: string, values: Values): string {
  return fill(template, values, queryEscape).replace(/#SERVER\.[A-Z0-9]+#/g, "");
}

/** Everything but letters, digits and `-_.~` percent-encoded, blanks as `+`. */
function queryEscape(value: string): string {
  return encodeURIComponent(value)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}

/** The inside of a JSON string, with `<`, `>`, `&` and the line separators escaped as well. */
export function jsonEscape(value: string): string {
  return JSON.stringify(value)
    .slice(1, -1)
    .replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * Values of a message: always the text and the time; with a server its name, its addresses once they were reported, and its latest
 * figures once it has reported both host and state (spec 30 section 3.3).
 */
export function placeholderValues(message: string, dateTime: string, server: MessageServer | undefined, humanUnits: boolean): Values {
  const values = new Map([
    ["NEZHA", message],
    ["DATETIME", dateTime],
  ]);
  for (const [name, value] of server ? serverValues(server, humanUnits) : []) values.set(`SERVER.${name}`, value);
  return values;
}

function serverValues(server: MessageServer, humanUnits: boolean): [string, string][] {
  const { host, state, address, settings } = server;
  const always: [string, string][] = [
    ["NAME", oneLine(settings.name)],
    ["ID", String(settings.id)],
  ];
  const reported = address.ipv4 !== "" || address.ipv6 !== "";
  if (reported) always.push(["IP", address.ipv4 || address.ipv6], ["IPV4", address.ipv4], ["IPV6", address.ipv6]);
  return host && state ? [...always, ...figures(host, state, humanUnits)] : always;
}

function figures(
  host: NonNullable<MessageServer["host"]>,
  state: NonNullable<MessageServer["state"]>,
  humanUnits: boolean,
): [string, string][] {
  const ratio = (used: Uint64, total: Uint64): string => {
    const share = total === 0 ? 0 : Number(used) / Number(total);
    return humanUnits ? `${(share * 100).toFixed(2)} %` : share.toFixed(6);
  };
  const bytes = (value: Uint64): string => (humanUnits ? humanSize(Number(value)) : String(value));
  return [
    ["CPU", humanUnits ? `${state.cpu.toFixed(2)} %` : state.cpu.toFixed(6)],
    ["MEM", ratio(state.memUsed, host.memTotal)],
    ["SWAP", ratio(state.swapUsed, host.swapTotal)],
    ["DISK", ratio(state.diskUsed, host.diskTotal)],
    ["SPEEDIN", `${bytes(state.netInSpeed)}/s`],
    ["SPEEDOUT", `${bytes(state.netOutSpeed)}/s`],
    ["TRANSFERIN", bytes(state.netInTransfer)],
    ["TRANSFEROUT", bytes(state.netOutTransfer)],
    ["CPUUSED", state.cpu.toFixed(6)],
    ["MEMUSED", String(state.memUsed)],
    ["SWAPUSED", String(state.swapUsed)],
    ["DISKUSED", String(state.diskUsed)],
    ["MEMTOTAL", String(host.memTotal)],
    ["SWAPTOTAL", String(host.swapTotal)],
    ["DISKTOTAL", String(host.diskTotal)],
    ["NETINSPEED", String(state.netInSpeed)],
    ["NETOUTSPEED", String(state.netOutSpeed)],
    ["NETINTRANSFER", String(state.netInTransfer)],
    ["NETOUTTRANSFER", String(state.netOutTransfer)],
    ["LOAD1", state.load1.toFixed(6)],
    ["LOAD5", state.load5.toFixed(6)],
    ["LOAD15", state.load15.toFixed(6)],
    ["TCPCONNCOUNT", String(state.tcpConnCount)],
    ["UDPCONNCOUNT", String(state.udpConnCount)],
  ];
}

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

/** Bytes in steps of 1024 with two significant digits below 10 of a unit (spec 30 section 3.3): `512 B`, `1.5 kB`, `954 MB`. */
export function humanSize(bytes: number): string {
  if (bytes < 10) return `${bytes} B`;
  const power = Math.min(Math.floor(Math.log(bytes) / Math.log(1024)), UNITS.length - 1);
  const value = Math.floor((bytes / 1024 ** power) * 10 + 0.5) / 10;
  return `${value < 10 && power >= 0 ? value.toFixed(1) : value.toFixed(0)} ${UNITS[power] ?? "EB"}`;
}
