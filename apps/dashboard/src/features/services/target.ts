import { isIP, isIPv6 } from "node:net";

const WRONG = "must be a URL that begins with http:// or https://, a host, or host:port";
const LONGEST_HOST = 253;
const LABEL = /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_-]{0,62})$/u;
const HOST_PORT = /^(?:\[([^\][]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/;

/**
 * Why nothing of any type can be probed there; `undefined` when something may be. Which of the forms a type wants is left to the agent,
 * as it always was (spec 11 section 4.3).
 */
export function targetProblem(target: string): string | undefined {
  if (target === "") return "must not be empty";
  if (/[\s\p{Cc}]/u.test(target)) return WRONG;
  if (/^https?:\/\//i.test(target)) return URL.canParse(target) ? undefined : WRONG;
  if (isIP(target) !== 0) return undefined;
  const [, inBrackets, host = "", port] = HOST_PORT.exec(target) ?? [];
  const isHost = inBrackets === undefined ? isHostName(host) : isIPv6(inBrackets);
  const isPort = port === undefined || (Number(port) >= 1 && Number(port) <= 65_535);
  return isHost && isPort ? undefined : WRONG;
}

/** A name whose last part is a number is an address or nothing. */
function isHostName(host: string): boolean {
  if (isIP(host) !== 0) return true;
  const labels = (host.endsWith(".") ? host.slice(0, -1) : host).split(".");
  return host.length <= LONGEST_HOST && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? "");
}
