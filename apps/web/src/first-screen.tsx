import { renderToString } from "react-dom/server.edge";
import { createLanguageSwitch } from "#lib/i18n.ts";
import type { LanguageSwitch } from "#lib/i18n.ts";
import type { Texts } from "#lib/plurals.ts";
import type { ThemeSwitch } from "#lib/theme.ts";
import type { App } from "#shell/app-context.tsx";
import { createPublicData } from "#shell/public-data.tsx";
import type { PublicPage } from "#shell/public-router.tsx";
import { createToasts } from "#ui/toast.tsx";
import { createApiClient } from "#wire/api-client.ts";
import { createConfirmations } from "#wire/confirmations.ts";
import type { EmbeddedData } from "#wire/embedded.ts";
import { createLiveFeed } from "#wire/live-feed.ts";
import { createShareSelection } from "#wire/share.ts";
import { createTrends } from "#wire/trends.ts";
import type { Timers } from "#wire/live-socket.ts";
import { defaultView } from "#features/servers/public/list-model.ts";
import { PublicApp } from "./routes/public/public-app.tsx";
import { ServerListPage } from "./routes/public/server-list-page.tsx";
import { textLoader } from "./locales/text-loader.ts";

const texts = textLoader(
  import.meta.glob<Texts>("./locales/shared/*.json", { import: "default" }),
  import.meta.glob<Texts>("./locales/public/*.json", { import: "default" }),
);

const PAGES: readonly PublicPage[] = [{ path: "/", page: ServerListPage }];

/** Nothing runs here: what needs the browser or the network is never asked. */
const timers: Timers = { now: Date.now, after: () => () => {} };
const never = (): Promise<never> => Promise.reject(new Error("a still picture asks for nothing"));
const noSocket = (): never => {
  throw new Error("a still picture has no socket");
};
const theme: ThemeSwitch = { current: () => "system", choose: () => {}, subscribe: () => () => {}, isDark: () => false };
const preferences = { read: () => undefined, write: () => {} };

let spoken: { readonly tag: string | undefined; readonly language: LanguageSwitch } | undefined;

/** Made anew only when the site speaks another language: reading its texts costs more than drawing. */
async function speak(tag: string | undefined): Promise<LanguageSwitch> {
  if (spoken === undefined || spoken.tag !== tag) {
    const document = { documentElement: { lang: "", dir: "" } };
    spoken = { tag, language: await createLanguageSwitch({ document, preferences, ...texts, siteTag: tag }) };
  }
  return spoken.language;
}

/**
 * The first screen of the start page as the script draws it for somebody who was never here, for the dashboard to put into the page: text
 * is there before any script, which takes it over as it stands. `embedded` is what the page embeds. "" without a snapshot of the servers. One at a time:
 * React knows one language for all.
 */
export async function renderFirstScreen(embedded: EmbeddedData): Promise<string> {
  if (embedded.frame === undefined) return "";
  const language = await speak(embedded.setting?.config.language);
  const app = createStillApp(language);
  app.live.begin(embedded.frame);
  app.live.hold();
  const data = createPublicData({ api: app.api, timers, embedded });
  const site = { ...data, siteLogo: undefined, siteLinks: [], siteDescription: undefined };
  const html = renderToString(<PublicApp app={app} site={site} pages={PAGES} start={{ path: "/", search: {} }} onShown={() => {}} />);
  const { tag } = language.current();
  const view = defaultView(embedded.frame.servers?.length ?? 0);
  return `<div lang="${tag}" dir="${language.i18n.dir(tag)}" data-view="${view}">${html}</div>`;
}

function createStillApp(language: LanguageSwitch): App {
  const api = createApiClient({ fetch: never, cookies: () => "", pause: never });
  return {
    api,
    trends: createTrends(api, timers, never),
    confirmations: createConfirmations(),
    live: createLiveFeed({ open: noSocket, timers, random: () => 0, onPicture: () => {} }),
    share: createShareSelection(noSocket),
    theme,
    language,
    preferences,
    toasts: createToasts(),
  };
}
