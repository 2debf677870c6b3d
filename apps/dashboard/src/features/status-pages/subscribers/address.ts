/** RFC 5321 without what nobody has: quoted names, literal addresses. */
const MAIL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}))+$/;
const LONGEST = 254;
const LONGEST_URL = 1_024;

/** An e-mail address as it is stored and compared; `undefined` for what is none. */
export function mailAddress(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST || !MAIL.test(trimmed)) return undefined;
  const at = trimmed.lastIndexOf("@");
  return trimmed.slice(0, at) + trimmed.slice(at).toLowerCase();
}

/** An address that webhooks may be sent to; whether it may be reached is decided when it is asked. */
export function webhookAddress(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_URL || !/^https?:\/\//i.test(trimmed) || !URL.canParse(trimmed)) return undefined;
  const { username, password, href } = new URL(trimmed);
  return username + password === "" ? href : undefined;
}

/** An address of which only its owner sees more than that it is there: `a…@example.org`. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return at > 0 ? `${address.slice(0, 1)}…${address.slice(at)}` : URL.canParse(address) ? new URL(address).origin : "…";
}
