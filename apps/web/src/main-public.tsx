import { startTransition } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { readConventions } from "#lib/conventions.ts";
import { followConventions } from "#lib/formats.ts";
import { createLanguageSwitch } from "#lib/i18n.ts";
import type { Texts } from "#lib/plurals.ts";
import { createAppServices, followVisibility } from "#shell/app-services.ts";
import { injectCustomCode } from "#shell/custom-code.ts";
import { keepForOffline, storedAt } from "#shell/offline-page.ts";
import { createPublicData } from "#shell/public-data.tsx";
import { currentPlace } from "#shell/public-router.tsx";
import { showBackground } from "#shell/site-background.ts";
import { readSiteGlobals } from "#shell/site-globals.ts";
import { browserTimers } from "#wire/browser.ts";
import { readEmbedded } from "#wire/embedded.ts";
import type { LiveStore } from "#wire/live-store.ts";
import { PublicApp } from "./routes/public/public-app.tsx";
import { KEPT_PAGES, PUBLIC_PAGES } from "./routes/public/public-pages.ts";
import { textLoader } from "./locales/text-loader.ts";
import "./main-public.css";

const texts = textLoader(
  import.meta.glob<Texts>("./locales/shared/*.json", { import: "default" }),
  import.meta.glob<Texts>("./locales/public/*.json", { import: "default" }),
);

/** The site's settings decide language and custom code, so they come before the first picture. */
async function start(root: HTMLElement): Promise<void> {
  const services = createAppServices();
  // What the page holds is for guests; a share link shows other rows, and before it is opened none.
  const shared = services.share.current() !== undefined || isSharePage();
  const whole = readEmbedded(document);
  const embedded = shared && whole.setting !== undefined ? { setting: whole.setting } : shared ? {} : whole;
  const data = createPublicData({ api: services.api, timers: browserTimers, embedded });
  if (embedded.frame !== undefined) services.live.begin(embedded.frame, storedAt(document));
  const drawn = embedded.frame === undefined ? null : root.firstElementChild;
  if (drawn !== null) services.live.hold();
  if (!isSharePage()) services.live.socket.start();
  followVisibility(services.live.socket);
  replaceKept(services.live.store, () => location.reload());
  if (!shared) keepForOffline(navigator, performance);
  if (embedded.setting === undefined) await data.setting.refresh();
  const config = data.setting.state().data?.config;
  const language = await createLanguageSwitch({ document, preferences: services.preferences, ...texts, siteTag: config?.language });
  followConventions(language.i18n, readConventions(services.preferences));
  if (config?.custom_code !== undefined && config.custom_code !== "") {
    await injectCustomCode(config.custom_code, { document, after: browserTimers.after });
  }
  const globals = readSiteGlobals(window);
  if (globals.theme !== undefined) services.theme.choose(globals.theme);
  showBackground(document, window);
  const site = { ...data, siteLogo: globals.logo, siteLinks: globals.links, siteDescription: globals.description };
  followSignIn(site.profile, services.live.socket, [data.groups, data.services, services.trends]);
  const pages = storedAt(document) === undefined ? PUBLIC_PAGES : KEPT_PAGES;
  const app = (
    <PublicApp app={{ ...services, language }} site={site} pages={pages} start={currentPlace()} onShown={services.live.release} />
  );
  if (drawn === null) createRoot(root).render(app);
  else {
    // What the dashboard drew is taken over as it stands. Its language is the document's by now, and follows that from here on.
    // In slices: a finger or a key in between is answered.
    startTransition(() => void hydrateRoot(drawn, app));
    for (const name of ["lang", "dir"]) drawn.removeAttribute(name);
  }
}

const isSharePage = (): boolean => location.pathname === "/share";

/** A page that the browser kept is loaded anew as soon as the dashboard answers. */
function replaceKept({ status, subscribeStatus }: LiveStore, reload: () => void): void {
  if (!status().kept) return;
  subscribeStatus(() => {
    if (!status().kept) reload();
  });
}

/** A sign-in or sign-out in another tab changes what may be seen: the stream is asked anew, in place. */
function followSignIn(
  profile: ReturnType<typeof createPublicData>["profile"],
  socket: { reconnect(): void },
  others: readonly { refresh(): Promise<void> }[],
): void {
  let known: number | undefined;
  profile.subscribe(() => {
    const { data, loading } = profile.state();
    if (loading || data === undefined) return;
    const id = data?.id ?? 0;
    if (known !== undefined && known !== id) {
      socket.reconnect();
      for (const other of others) void other.refresh();
    }
    known = id;
  });
}

const root = document.getElementById("root");
if (root !== null) void start(root);
