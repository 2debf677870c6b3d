/** What stands in the block that tells where everything is. */
export interface BannerFacts {
  /** `host:port` */
  readonly target: string;
  readonly data: string;
  readonly agent: boolean;
}

/** The block printed once everything runs. */
export function banner({ target, data, agent }: BannerFacts): string {
  const rows = [
    ["Site", `http://${target}/`],
    ["Console", `http://${target}/dashboard/`],
    ["Data", data],
    ["Agent", agent ? "this machine, beside the dashboard" : "none (--no-agent)"],
  ];
  const lines = rows.map(([name = "", value]) => `  ${name.padEnd(9)}${value}`);
  return ["", "Windfire is running.", "", ...lines, "", "Ctrl-C stops it.", ""].join("\n");
}
