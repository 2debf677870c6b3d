import { isIP } from "node:net";

/** Public addresses of the host; empty where there is none. */
export interface Addresses {
  readonly ipv4: string;
  readonly ipv6: string;
}

export type Family = 4 | 6;

/** Body of a page fetched over one family. Rejects when there is none. */
export type FetchPage = (url: string, family: Family) => Promise<string>;

/** Pages that tell the caller's address, in the order in which they are asked (spec 21 section 5). */
const PAGES = [
  "https://blog.cloudflare.com/cdn-cgi/trace",
  "https://developers.cloudflare.com/cdn-cgi/trace",
  "https://hostinger.com/cdn-cgi/trace",
  "https://ahrefs.com/cdn-cgi/trace",
];

/** Asks for both families at once, the built-in pages or those configured. */
export async function findAddresses(fetchPage: FetchPage, configured: readonly string[]): Promise<Addresses> {
  const pages = configured.length > 0 ? configured : PAGES;
  const [ipv4, ipv6] = await Promise.all([findAddress(fetchPage, pages, 4), findAddress(fetchPage, pages, 6)]);
  return { ipv4, ipv6 };
}

async function findAddress(fetchPage: FetchPage, pages: readonly string[], family: Family): Promise<string> {
  for (const page of pages) {
    try {
      const address = parseAddress(await fetchPage(page, family), family);
      if (address !== undefined) return address;
    } catch (error) {
      // A host without this family has no use for the other pages.
      if (isUnreachable(error)) return "";
    }
  }
  return "";
}

/** The line `ip=…`, else the whole text; undefined when that is no address of the family. */
export function parseAddress(body: string, family: Family): string | undefined {
  const line = body.includes("ip=")
    ? body
        .split("\n")
        .find((one) => one.startsWith("ip="))
        ?.slice(3)
    : body.replaceAll("\n", "");
  const address = line?.trim();
  return address !== undefined && isIP(address) === family ? address : undefined;
}

const UNREACHABLE_CODES = new Set(["ENETUNREACH", "EHOSTUNREACH", "EADDRNOTAVAIL"]);

function isUnreachable(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && UNREACHABLE_CODES.has(error.code);
}
