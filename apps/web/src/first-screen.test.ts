import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { LiveServer, SettingView } from "@windfire/api";
import { describe, expect, test } from "vitest";
import type { EmbeddedData } from "#wire/embedded.ts";

const FILE = join(import.meta.dirname, "../dist/first-screen/first-screen.js");
const NOW = Date.UTC(2026, 0, 5, 12, 3, 4);
const EVIL = `</script><script>alert(1)</script><img src=x onerror="alert(2)">'"&`;

async function render(data: EmbeddedData): Promise<string> {
  const module = (await import(pathToFileURL(FILE).href)) as { renderFirstScreen(data: EmbeddedData): Promise<string> };
  return module.renderFirstScreen(data);
}

const server = (id: number, more: Partial<LiveServer> = {}): LiveServer => ({
  id,
  name: `server ${id}`,
  host: { platform: "debian", mem_total: 100, disk_total: 100 },
  state: { cpu: 12, mem_used: 40, disk_used: 50, uptime: 7200, net_in_speed: 2048 },
  country_code: "jp",
  last_active: new Date(NOW).toISOString(),
  condition: "up",
  ...more,
});

function page(servers: LiveServer[], language = "en-US", more: object = {}): EmbeddedData {
  const setting = { config: { language, site_name: "Fleet" }, version: "1" } as SettingView;
  return { setting, profile: null, groups: [], services: {}, frame: { seq: 1, stream: "a", now: NOW, servers }, ...more };
}

describe.skipIf(!existsSync(FILE))("the first screen", () => {
  test("says what the script will say, in the language of the site", async () => {
    const [english, german] = [await render(page([server(1), server(2)])), await render(page([server(1), server(2)], "de_DE"))];
    expect(english).toMatch(/^<div lang="en-US" dir="ltr" data-view="cards">/);
    for (const text of ["All 2 servers are up", "server 1", "server 2", "12%", "40%", "Fleet"]) expect(english).toContain(text);
    expect(german).toContain('lang="de-DE"');
    expect(german).not.toContain("All 2 servers are up");
    expect(german).toContain("server 2");
  });

  test("a script in anything that people or hosts name is text", async () => {
    const evil = server(1, { name: EVIL, public_note: EVIL, country_code: EVIL, host: { platform: EVIL, version: EVIL } });
    const groups = [{ group: { id: 1, name: EVIL, created_at: "", updated_at: "" }, servers: [1] }];
    const evilSetting = { setting: { config: { language: EVIL, site_name: EVIL }, version: EVIL } };
    for (const count of [1, 30, 210]) {
      const others = Array.from({ length: count - 1 }, (_, at) => server(at + 2));
      const html = await render(page([evil, ...others], EVIL, { groups, ...evilSetting }));
      expect(html).toContain("&lt;/script&gt;&lt;script&gt;alert(1)");
      expect(html).not.toMatch(/<script|<img src=x|onerror="/i);
    }
  });

  test("is short however many servers there are, and counts them all", async () => {
    const html = await render(page(Array.from({ length: 1_000 }, (_, at) => server(at + 1))));
    expect(html).toMatch(/All 1,?000 servers are up/);
    expect(html.length).toBeLessThan(150_000);
  });

  test("tells no time of day, which is the visitor's", async () => {
    const gone = server(2, { last_active: new Date(NOW - 3_600_000).toISOString(), condition: "offline" });
    const html = await render(page([server(1), gone]));
    const seen = html.replaceAll(/<span class="invisible">[^<]*<\/span>/g, "");
    expect(html).toMatch(/class="invisible">[^<]*\d\d:\d\d/);
    expect(seen).not.toMatch(/\d\d:\d\d/);
  });

  test("is not there without a snapshot", async () => {
    expect(await render({ profile: null })).toBe("");
  });
});
