import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 1 });
const REFUSED = /Content Security Policy|violates the following|Refused to/;

/** A site of somebody else, which notes what it is asked for. */
const asked: string[] = [];
const elsewhere = createServer(({ url = "" }, response) => {
  const framed = /^\/framing\?(.+)$/.exec(url)?.[1];
  if (framed !== undefined) return void response.setHeader("content-type", "text/html").end(`<iframe src="${framed}"></iframe>`);
  if (url !== "/favicon.ico") asked.push(url);
  return void response.writeHead(200, { "content-type": "text/javascript", "access-control-allow-origin": "*" }).end("ran(url)");
});
let origin: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => void elsewhere.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
});
afterAll(() => void elsewhere.close());

/** What somebody tries who has got a piece of markup, or the value of an attribute, into a page. */
async function tryEverything(page: Page, from: string): Promise<void> {
  await page.evaluate((foreign) => {
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => console.debug(`refused ${effectiveDirective}`));
    const put = (name: string, set: (element: HTMLElement) => void): void => {
      const element = document.createElement(name);
      set(element);
      document.body.append(element);
    };
    const settings = (values: Record<string, string>) => (element: HTMLElement) => {
      for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
    };
    put("script", (element) => (element.textContent = "ran('inline')"));
    put("script", settings({ src: `${foreign}/script.js` }));
    put("script", settings({ src: "data:text/javascript,ran('data')" }));
    put("img", settings({ src: `${foreign}/picture`, onerror: "ran('handler')" }));
    put("iframe", settings({ src: `${foreign}/frame` }));
    put("object", settings({ data: `${foreign}/object` }));
    put("style", (element) => (element.textContent = "body { background: red }"));
    put("link", settings({ rel: "stylesheet", href: `${foreign}/sheet.css` }));
    put("base", settings({ href: foreign }));
    put("a", (element) => {
      element.setAttribute("href", "javascript:ran('link')");
      element.click();
    });
    // Later, because what a test runs itself is heeded less strictly. That the second one throws is what is asked for.
    setTimeout(() => {
      Reflect.apply(setTimeout, window, ["ran('text of a timer')"]);
      const made = Promise.try(() => (Reflect.construct(Function, ["ran('made function')"]) as () => void)());
      made.catch(() => undefined);
    });
    fetch(`${foreign}/fetch`).catch(() => undefined);
    navigator.sendBeacon(`${foreign}/beacon`);
  }, from);
}

/** Apart: of two ways to leave a page only one is tried. */
async function sendForm(page: Page, from: string): Promise<void> {
  await page.evaluate((foreign) => {
    const form = document.createElement("form");
    form.action = `${foreign}/form`;
    document.body.append(form);
    form.submit();
  }, from);
}

test.for(["/", "/dashboard/login", "/dashboard/"])(
  "what gets into %s runs nothing, loads nothing and sends nothing elsewhere",
  async (path) => {
    await scene.visit({ expected: [REFUSED, /ERR_BLOCKED_BY_CSP|csp/] }, async ({ page, open, signIn }) => {
      const ran: unknown[] = [];
      await page.exposeFunction("ran", (what: unknown) => void ran.push(what));
      if (path === "/dashboard/") await signIn();
      await open(path);
      const refused = new Set<string>();
      page.on("console", (message) => {
        const directive = /^refused (.+)$/.exec(message.text())?.[1];
        if (directive !== undefined) refused.add(directive);
      });
      await tryEverything(page, origin);
      await expect
        .poll(() => [...refused].toSorted())
        .toEqual([
          "base-uri",
          "connect-src",
          "frame-src",
          "img-src",
          "object-src",
          "script-src",
          "script-src-attr",
          "script-src-elem",
          "style-src-elem",
        ]);
      await sendForm(page, origin);
      await expect.poll(() => refused.has("form-action")).toBe(true);
      expect({ ran, asked }).toEqual({ ran: [], asked: [] });
    });
  },
);

test("no page of another site has ours in a frame", async () => {
  await scene.visit({ expected: [REFUSED, /ERR_BLOCKED_BY_(CSP|RESPONSE)/] }, async ({ page, open }) => {
    const { base } = scene.stage();
    await open(`${origin}/framing?${base}/dashboard/login`);
    const inside = page.frames().find((frame) => frame !== page.mainFrame());
    await inside?.waitForLoadState();
    expect([inside === undefined, inside?.url() === `${base}/dashboard/login`]).toEqual([false, false]);
  });
});
