/** Where a listener of the dashboard is, as its log says. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const STARTED = /NEZHA>> Dashboard::START ON (?<host>[^\s"]*):(?<port>\d+)/;

/** Finds the announcement of a listener in a line of the dashboard's log (spec 41 section 2.1). */
export function parseStartLine(line: string): ListenAddress | undefined {
  const groups = STARTED.exec(line)?.groups;
  if (groups === undefined) return undefined;
  return { host: groups["host"] ?? "", port: Number(groups["port"]) };
}

/** `host:port` under which this machine reaches the listener. */
export function localTarget(address: ListenAddress): string {
  const everywhere = ["", "0.0.0.0", "::", "[::]"].includes(address.host);
  const host = everywhere ? "127.0.0.1" : address.host;
  return `${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${address.port}`;
}
