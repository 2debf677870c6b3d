import { beforeAll, expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import type { Size } from "../browser.ts";
import { setScene } from "../scene.ts";

const THEMES = ["light", "dark"] as const;
type Pages = Readonly<Record<string, string>>;
const MAIN_GUEST_PAGES: Pages = { "public-list": "/", "public-server": "/server/1", "sign-in": "/dashboard/login" };
const MAIN_CONSOLE_PAGES: Pages = { home: "/dashboard/", servers: "/dashboard/servers", server: "/dashboard/servers?s=1" };
const OTHER_GUEST_PAGES: Pages = { table: "/?view=table", "not-found": "/no-such-page" };
const OTHER_CONSOLE_PAGES: Pages = {
  groups: "/dashboard/server-group",
  services: "/dashboard/service",
  service: "/dashboard/service?edit=1",
  alerts: "/dashboard/alert-rule?edit=new",
  tasks: "/dashboard/cron?edit=new",
  channels: "/dashboard/notification?edit=new",
  "channel-groups": "/dashboard/notification-group?edit=new",
  ddns: "/dashboard/ddns?edit=new",
  tunnels: "/dashboard/nat?edit=new",
  transfers: "/dashboard/transfer",
  network: "/dashboard/settings?tab=network",
  agents: "/dashboard/settings?tab=agents",
  users: "/dashboard/settings/user",
  tokens: "/dashboard/settings/api-tokens",
  online: "/dashboard/settings/online-user",
  firewall: "/dashboard/settings/waf",
  settings: "/dashboard/settings",
  "status-pages": "/dashboard/status-page",
  "status-page": "/dashboard/status-page/1",
  "status-page-parts": "/dashboard/status-page/1?tab=parts",
  "status-page-readers": "/dashboard/status-page/1?tab=readers",
  "status-page-looks": "/dashboard/status-page/1?tab=looks",
  "status-page-languages": "/dashboard/status-page/1?tab=languages",
  "status-page-incident": "/dashboard/status-page/1/incident?new=1",
  "status-page-maintenance": "/dashboard/status-page/1/maintenance?edit=new",
  "status-page-incidents": "/dashboard/status-page/1/incident",
  "status-page-delivery": "/dashboard/status-page/1/delivery",
  templates: "/dashboard/page-template?edit=new",
  profile: "/dashboard/profile",
};

const scene = setScene({ agents: 3 });
beforeAll(async () => {
  const { admin } = scene.stage();
  await admin.post("/server-group", { name: "Europe", servers: [1, 2] });
  await admin.post("/service", { name: "Website", type: 1, target: "https://example.com", duration: 30 });
  const parts = [{ kind: "service", id: 1 }];
  await admin.post("/status-page", { slug: "main", title: "Status", published: true, groups: [{ name: "Web", parts }] });
});

const looks = THEMES.flatMap((theme) => SIZE_NAMES.map((size) => [theme, size] as const));
test.for<readonly ["light" | "dark", Size]>(looks)("pages are sound in %s on a %s", { timeout: 180_000 }, async ([theme, size]) => {
  const findings: string[] = [];
  const look = async (pages: Pages, signedIn: boolean): Promise<void> => {
    // A page that does not exist is answered with 404, which the browser reports.
    await scene.visit({ size, colorScheme: theme, expected: [/404.*no-such-page/] }, async (visit) => {
      if (signedIn) await visit.signIn();
      for (const [name, path] of Object.entries(pages)) {
        await visit.open(path);
        await visit.page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
        await visit.page.locator(".wf-skeleton").first().waitFor({ state: "detached" });
        await visit.picture(`${name}-${size}-${theme}`);
        findings.push(
          ...(await visit.accessibilityProblems(theme === "light" ? undefined : "colours")).map((problem) => `${name}: ${problem}`),
        );
        const { wide, screen } = await visit.page.evaluate(() => ({ wide: document.documentElement.scrollWidth, screen: innerWidth }));
        if (wide > screen) findings.push(`${name}: ${wide} pixels wide on a screen of ${screen}`);
      }
    });
  };
  const others = theme === "light";
  await look({ ...MAIN_GUEST_PAGES, ...(others ? OTHER_GUEST_PAGES : {}) }, false);
  await look({ ...MAIN_CONSOLE_PAGES, ...(others ? OTHER_CONSOLE_PAGES : {}) }, true);
  expect(findings).toEqual([]);
});
