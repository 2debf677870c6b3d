/** Realm of sites without a name. */
const UNNAMED = "gin jwt";

/**
 * Value of `WWW-Authenticate` (spec 10 section 4.3). Header values are bytes: the name's UTF-8 bytes stand as Latin-1 characters,
 * because Node refuses anything beyond them; control characters are dropped.
 */
export function authenticateHeader(siteName: string): string {
  const printable = siteName.replace(/\p{Cc}/gu, "");
  return `JWT realm=${Buffer.from(printable || UNNAMED, "utf8").toString("latin1")}`;
}
