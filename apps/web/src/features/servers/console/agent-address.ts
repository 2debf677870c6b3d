const HTTPS_PORT = "443";
const HTTP_PORT = "80";
const HOST_PORT = /^(?:\[[\da-f:.%]+\]|[^\s/:[\]]+):(\d{1,5})$/i;
const HIGHEST_PORT = 65_535;

/** Where this page came from, as agents would connect: one port serves both. */
export function addressOfPage({ hostname, port, protocol }: Pick<Location, "hostname" | "port" | "protocol">): string {
  return `${hostname}:${port === "" ? (protocol === "https:" ? HTTPS_PORT : HTTP_PORT) : port}`;
}

export function isAddress(text: string): boolean {
  const port = Number(HOST_PORT.exec(text.trim())?.[1]);
  return port >= 1 && port <= HIGHEST_PORT;
}

/** Whether an address names the machine it is used on, and no other. */
export function isLoopback(address: string): boolean {
  const host = address.trim().replace(/:\d+$/, "").toLowerCase();
  return host === "localhost" || host.endsWith(".localhost") || /^127(?:\.\d+){3}$/.test(host) || host === "[::1]" || host === "0.0.0.0";
}
