/** Sockets of all states, IPv4 and IPv6 together. */
export interface ConnectionCounts {
  readonly tcp: number;
  readonly udp: number;
}

/**
 * `/proc/net/sockstat` and `/proc/net/sockstat6`: the kernel's own totals, the same sockets that a dump through
 * `inet_diag` lists (spec 21 section 4.7) without listing them. Sockets in TIME_WAIT stand apart, both families together.
 * Undefined when there is no such file.
 */
export function parseSocketTotals(sockstat: string | undefined, sockstat6: string | undefined): ConnectionCounts | undefined {
  if (sockstat === undefined) return undefined;
  const both = `${sockstat}\n${sockstat6 ?? ""}`;
  return {
    tcp: numberAfter(both, /^TCP: inuse (\d+)/m) + numberAfter(both, /^TCP: .*\btw (\d+)/m) + numberAfter(both, /^TCP6: inuse (\d+)/m),
    udp: numberAfter(both, /^UDP: inuse (\d+)/m) + numberAfter(both, /^UDP6: inuse (\d+)/m),
  };
}

/** Rows of one of `/proc/net/tcp`, `tcp6`, `udp`, `udp6`: lines below the heading. */
export function countSocketRows(table: string | undefined): number {
  if (table === undefined) return 0;
  let rows = 0;
  for (let end = table.indexOf("\n"); end >= 0; end = table.indexOf("\n", end + 1)) rows++;
  return Math.max(0, rows - 1);
}

function numberAfter(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0);
}
