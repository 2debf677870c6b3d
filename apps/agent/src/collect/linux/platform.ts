import type { SystemFiles } from "../files.ts";
import type { HostRoots } from "../roots.ts";

/** Name and version of a distribution. */
export interface Platform {
  readonly platform: string;
  readonly version: string;
}

const LSB_NAMES: ReadonlyMap<string, string> = new Map([
  ["Ubuntu", "ubuntu"],
  ["LinuxMint", "linuxmint"],
  ["Kylin", "Kylin"],
  ["Cumulus Linux", "cumuluslinux"],
  ["uos", "uos"],
  ["Deepin", "Deepin"],
]);

/** `KEY=value` lines, quotes taken off. */
export function parseRelease(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const equals = line.indexOf("=");
    if (equals > 0) values.set(line.slice(0, equals).trim(), unquoted(line.slice(equals + 1)));
  }
  return values;
}

type Attempt = () => Platform | undefined;

/** The first release file that is there names the distribution, in the order of spec 21 section 4.1. */
export function detectPlatform(files: SystemFiles, roots: HostRoots): Platform {
  const read = (name: string): string | undefined => files.text(`${roots.etc}/${name}`);
  const lsb = parseRelease(read("lsb-release") ?? "");
  const attempts: readonly Attempt[] = [
    () => from(read("oracle-release") ?? read("enterprise-release"), (text) => ({ platform: "oracle", version: redhatVersion(text) })),
    () => from(read("slackware-version"), (text) => ({ platform: "slackware", version: lastWord(firstLine(text)) })),
    () => from(read("debian_version"), (text) => debian(text, lsb, files)),
    () => from(read("neokylin-release"), (text) => redhat(text)),
    () => from(read("redhat-release") ?? read("system-release"), (text) => redhat(text)),
    () => from(read("gentoo-release"), (text) => ({ platform: "gentoo", version: lastWord(firstLine(text)) })),
    () => from(read("SuSE-release"), (text) => ({ platform: suseName(text), version: /^VERSION = ([\w.]+)/m.exec(text)?.[1] ?? "" })),
    () => from(read("arch-release"), () => ({ platform: "arch", version: lsb.get("DISTRIB_RELEASE") ?? "" })),
    () => from(read("alpine-release"), (text) => ({ platform: "alpine", version: firstLine(text) })),
    () => from(read("os-release"), (text) => osRelease(parseRelease(text))),
  ];
  for (const attempt of attempts) {
    const found = attempt();
    if (found !== undefined) return found;
  }
  return { platform: (lsb.get("DISTRIB_ID") ?? "").toLowerCase(), version: lsb.get("DISTRIB_RELEASE") ?? "" };
}

function from(text: string | undefined, read: (text: string) => Platform | undefined): Platform | undefined {
  return text === undefined ? undefined : read(text);
}

function debian(text: string, lsb: ReadonlyMap<string, string>, files: SystemFiles): Platform {
  const derived = LSB_NAMES.get(lsb.get("DISTRIB_ID") ?? "");
  if (derived !== undefined) return { platform: derived, version: lsb.get("DISTRIB_RELEASE") ?? "" };
  return { platform: files.exists("/usr/bin/raspi-config") ? "raspbian" : "debian", version: firstLine(text) };
}

function redhat(text: string): Platform {
  const line = firstLine(text).toLowerCase();
  return { platform: line.includes("red hat") ? "redhat" : (line.split(" ")[0] ?? ""), version: redhatVersion(text) };
}

function redhatVersion(text: string): string {
  const line = firstLine(text).toLowerCase();
  return line.includes("rawhide") ? "rawhide" : (/release (\d[\d.]*)/.exec(line)?.[1] ?? "");
}

function suseName(text: string): string {
  return /opensuse/i.test(text) ? "opensuse" : "suse";
}

function osRelease(values: ReadonlyMap<string, string>): Platform | undefined {
  const id = values.get("ID");
  if (id === undefined || id === "") return undefined;
  return { platform: id === "amzn" ? "amazon" : id, version: values.get("VERSION_ID") ?? "" };
}

function firstLine(text: string): string {
  return (text.split("\n", 1)[0] ?? "").trim();
}

function lastWord(line: string): string {
  return line.split(" ").at(-1) ?? "";
}

function unquoted(value: string): string {
  return value.trim().replace(/^(["'])(.*)\1$/, "$2");
}
