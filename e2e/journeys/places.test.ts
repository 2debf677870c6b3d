import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { setScene } from "../scene.ts";

const PROBE = 1;
const scene = setScene({ agents: 3 });
const looks = createLooks();

test.for(SIZE_NAMES)("the map shows where servers are, and leads to them (%s)", async (size) => {
  await scene.visit({ size }, async (visit) => {
    const { page, open } = visit;
    await open("/map");
    // The first agent whose country is known stays for the visit after this one.
    if (size === SIZE_NAMES[0]) {
      await page.getByText("No country is known yet").waitFor();
      await scene.stage().addAgent(undefined, "77.4.28.10");
    }
    await page.getByRole("group", { name: "Map" }).waitFor();
    const dot = page.getByRole("group", { name: "Map" }).getByRole("link").first();
    await dot.waitFor();
    const before = await dot.boundingBox();
    await page.getByRole("button", { name: "Zoom in" }).click();
    expect(await dot.boundingBox()).not.toEqual(before);
    await page.getByRole("group", { name: "Map" }).press("0");
    expect(await dot.boundingBox()).toEqual(before);
    await looks.at(visit, `public-map-${size}`);
    await open("/map?group=nobody");
    await page.getByRole("button", { name: /^All/ }).waitFor();
    expect(await page.getByRole("group", { name: "Map" }).getByRole("link").count()).toBe(0);
    await page.getByRole("button", { name: /^All/ }).click();
    expect(new URL(page.url()).search).toBe("");
    await page.getByRole("listitem").getByRole("link").first().click();
    await page.getByRole("searchbox").waitFor();
    expect(new URL(page.url()).searchParams.get("q")).toMatch(/^country:[a-z]{2}$/);
  });
});

test.for(SIZE_NAMES)("the wall fits the screen, by turns (%s)", async (size) => {
  const { admin, agents, nameOf } = scene.stage();
  await admin.post("/server-group", { name: `Wall ${size}`, servers: [1] });
  const [first, second] = await Promise.all([nameOf(agents[0]), nameOf(agents[1])]);
  await scene.visit({ size }, async (visit) => {
    const { page, open } = visit;
    await open("/wall");
    await page.getByRole("listitem").filter({ hasText: second }).waitFor();
    const { wide, high } = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement;
      return { wide: scrollWidth - innerWidth, high: scrollHeight - innerHeight };
    });
    expect([wide, high]).toEqual([0, 0]);
    await looks.at(visit, `public-wall-${size}`);
    await open(`/wall?groups=Wall ${size}`);
    await page.getByRole("listitem").filter({ hasText: first }).waitFor();
    expect(await page.getByRole("listitem").count()).toBe(1);
  });
});

test("another site shows a server and a service in a frame, and no other page of ours", async () => {
  const { admin, agents, base, nameOf } = scene.stage();
  const service = await admin.post<number>("/service", {
    name: "Site",
    type: PROBE,
    target: "https://example.com",
    duration: 30,
    cover: 0,
  });
  const name = await nameOf(agents[0]);
  const other = createServer((_request, response) => {
    const frames = [`/embed/server/1?theme=dark`, `/embed/service/${service}?bare=1`, "/"];
    response.setHeader("content-type", "text/html");
    response.end(
      `<title>x</title>${frames.map((path) => `<iframe src="${base}${path}" title="${path}" width="320" height="190"></iframe>`).join("")}`,
    );
  });
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  try {
    await scene.visit(
      { expected: [/frame-ancestors/, /^request: GET .*ERR_BLOCKED_BY_RESPONSE/] },
      async ({ page, accessibilityProblems, picture }) => {
        await page.goto(`http://localhost:${(other.address() as AddressInfo).port}/`);
        const frame = (index: number) => page.frameLocator("iframe").nth(index);
        await frame(0).getByRole("link", { name }).waitFor();
        expect(await frame(0).locator("html").getAttribute("class")).toBe("dark");
        await frame(1).getByRole("link", { name: "Site" }).waitFor();
        expect(await frame(2).getByText(name).count()).toBe(0);
        await picture("public-frames");
        await page.goto(`${base}/embed/server/1`);
        await page.getByRole("link", { name }).waitFor();
        expect(await accessibilityProblems()).toEqual([]);
      },
    );
  } finally {
    other.close();
  }
});

test("nothing on these pages is wrong for axe, or too wide", () => {
  expect(looks.findings).toEqual([]);
});
