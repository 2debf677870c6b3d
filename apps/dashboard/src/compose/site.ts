/** Where people reach the dashboard; a host without a scheme is taken for one with TLS. */
export function siteOf(dashboardHost: string): string {
  const site = dashboardHost === "" || dashboardHost.includes("://") ? dashboardHost : `https://${dashboardHost}`;
  return site.replace(/(?<!\/)\/+$/, "");
}
