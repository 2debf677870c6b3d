import { createHash } from "node:crypto";
import type { Service } from "./model.ts";
import type { ProbeNotice, ProbeUnmute } from "./notice.ts";

/** A certificate as an agent saw it; `expires` is Unix milliseconds. */
export interface Certificate {
  readonly issuer: string;
  readonly expires: number;
}

type CertificateEffect = ProbeNotice | ProbeUnmute;

/** Prefix of certificate errors of very old agents (spec 20 section 6.4). */
const CERTIFICATE_ERROR = "SSL证书错误：";
const WEEK_MS = 7 * 86_400_000;

/** What a result says about the certificate of an https target (spec 30 section 1.6 H, after 2.3.7). */
export function judgeCertificate(
  service: Service,
  known: Certificate | undefined,
  { at, data }: { readonly at: number; readonly data: string },
): { certificate: Certificate | undefined; effects: CertificateEffect[] } {
  if (service.type !== 1 || !/^https:\/\//i.test(service.target)) return { certificate: known, effects: [] };
  const { id, notify } = service;
  const network = `bf::stls-${id}-network`;
  if (data.startsWith(CERTIFICATE_ERROR)) {
    const passing = /(timeout|EOF|timed out)$/.test(data);
    const effects =
      notify && !passing ? [notice("[TLS] Fetch cert info failed, Reporter: %s, Error: %s", [service.name, data], network)] : [];
    return { certificate: known, effects };
  }
  const effects: CertificateEffect[] = [{ kind: "unmute", label: network }];
  const seen = readCertificate(data);
  if (seen === undefined) return { certificate: known, effects };
  if (notify && seen.expires < at + WEEK_MS) {
    const shown = shortTime(seen.expires);
    const text = "The TLS certificate will expire within seven days. Expiration time: %s";
    effects.push(tlsNotice(service, text, [shown], `bf::stls-${id}-expire_${shown}`));
  }
  if (notify && known !== undefined && (known.issuer !== seen.issuer || known.expires !== seen.expires)) {
    const text = "TLS certificate changed, old: issuer %s, expires at %s; new: issuer %s, expires at %s";
    const args = [known.issuer, shortTime(known.expires), seen.issuer, shortTime(seen.expires)];
    const mute = `bf::stls-${id}-change_${createHash("sha256").update(data).digest("hex")}`;
    effects.push({ ...tlsNotice(service, text, args, mute), once: true });
  }
  return { certificate: seen, effects };
}

function notice(messageId: string, args: readonly string[], mute: string): ProbeNotice {
  return { kind: "notice", messageId, args, mute };
}

/** These texts of the catalogue do not name the service. */
function tlsNotice({ name }: Service, messageId: string, args: readonly string[], mute: string): ProbeNotice {
  return { kind: "notice", messageId, args, mute, about: `[TLS] ${name}: ` };
}

/** `<issuer>|<not after>`; the issuer may hold such bars itself. */
function readCertificate(data: string): Certificate | undefined {
  const bar = data.lastIndexOf("|");
  const expires = readExpiry(data.slice(bar + 1));
  return bar < 0 || expires === undefined ? undefined : { issuer: data.slice(0, bar), expires };
}

/** `2026-03-01 12:00:00 +0000 UTC` in Unix milliseconds. */
function readExpiry(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)/.exec(text.trim());
  const ms = match ? Date.parse(`${match[1]}T${match[2]}${match[3]}:${match[4]}`) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function shortTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}
