import { domainToASCII } from "node:url";
import { createBoundedCache } from "@windfire/kit";
import ipaddr from "ipaddr.js";

/**
 * A host as it is compared (spec 10 section 1.3, 41 section 13.6): lower-case, without port, brackets and one trailing dot; IP
 * literals and international names in one form.
 */
export function normaliseHost(host: string): string {
  let name = host.trim().toLowerCase();
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(name);
  if (bracketed !== null) name = bracketed[1] ?? "";
  else if (name.indexOf(":") === name.lastIndexOf(":")) name = name.replace(/:[^:]*$/, "");
  if (/[\u0080-\u{10ffff}]/u.test(name)) name = domainToASCII(name) || name;
  name = name.replace(/\.$/, "");
  return ipaddr.isValid(name) && (name.includes(":") || ipaddr.IPv4.isValidFourPartDecimal(name)) ? ipaddr.process(name).toString() : name;
}

/** Whether `host` names the dashboard itself. `reserved` holds hosts and comma lists of hosts. */
export function isReservedHost(host: string, reserved: readonly string[]): boolean {
  const name = normaliseHost(host);
  if (name === "") return false;
  return namesOf(reserved.join(",")).has(name);
}

/** Every request asks, and the lists change with the settings alone. */
const namesOfLists = createBoundedCache<string, ReadonlySet<string>>(8);

function namesOf(list: string): ReadonlySet<string> {
  const known = namesOfLists.get(list);
  if (known !== undefined) return known;
  const names = new Set(list.split(",").map((entry) => normaliseHost(withoutAddressParts(entry))));
  namesOfLists.set(list, names);
  return names;
}

/** People write `https://nz.example.com/` where a host is asked for: what they mean is protected all the same. */
function withoutAddressParts(entry: string): string {
  return entry.replace(/^\s*[a-z][a-z0-9+.-]*:\/\//i, "").replace(/[/?#].*/s, "");
}
