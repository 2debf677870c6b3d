import { createPreferences } from "#lib/storage.ts";
import { createThemeSwitch } from "#lib/theme.ts";
import { createToasts } from "#ui/toast.tsx";
import { createApiClient } from "#wire/api-client.ts";
import { browserTimers, idle, openLiveSocket, pause } from "#wire/browser.ts";
import { createConfirmations } from "#wire/confirmations.ts";
import { createLiveFeed } from "#wire/live-feed.ts";
import { createShareSelection, SHARE_HEADER } from "#wire/share.ts";
import { createTrends } from "#wire/trends.ts";

/** Everything of the browser that both halves use, made once per page. Nothing runs yet. */
export function createAppServices() {
  const preferences = createPreferences(() => localStorage);
  const theme = createThemeSwitch({ document, preferences, systemDark: matchMedia("(prefers-color-scheme: dark)") });
  const confirmations = createConfirmations();
  const share = createShareSelection(() => sessionStorage);
  const headers = (): Record<string, string> => {
    const view = share.current();
    return view === undefined ? {} : { [SHARE_HEADER]: String(view.id) };
  };
  const api = createApiClient({
    fetch: (...request) => fetch(...request),
    cookies: () => document.cookie,
    pause,
    confirm: confirmations.ask,
    headers,
  });
  const live = createLiveFeed({
    open: (position) => openLiveSocket(location, position, share.current()?.id),
    timers: browserTimers,
    random: Math.random,
    onPicture: (run) => requestAnimationFrame(run),
  });
  return { preferences, theme, api, confirmations, live, share, trends: createTrends(api, browserTimers, idle), toasts: createToasts() };
}

/** Connects at once when the network is back or the page is looked at again; a hidden page gives its connection back. */
export function followVisibility(socket: { visible(seen: boolean): void; reconnect(): void }): void {
  document.addEventListener("visibilitychange", () => socket.visible(document.visibilityState === "visible"));
  addEventListener("online", () => socket.reconnect());
}
