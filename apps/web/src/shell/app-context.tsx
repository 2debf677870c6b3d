import type { Sparklines } from "@windfire/api";
import { createContext, use } from "react";
import type { LanguageSwitch } from "#lib/i18n.ts";
import type { Preferences } from "#lib/storage.ts";
import type { ThemeSwitch } from "#lib/theme.ts";
import type { Toasts } from "#ui/toast.tsx";
import type { ApiClient } from "#wire/api-client.ts";
import type { Confirmations } from "#wire/confirmations.ts";
import type { LiveFeed } from "#wire/live-feed.ts";
import type { Resource } from "#wire/resource.ts";
import type { ShareSelection } from "#wire/share.ts";

/** What both halves are built from. The object never changes: live data is subscribed to, not passed down. */
export interface App {
  readonly api: ApiClient;
  readonly confirmations: Confirmations;
  readonly live: LiveFeed;
  /** The network of all servers in the last hour. */
  readonly trends: Resource<Sparklines>;
  readonly share: ShareSelection;
  readonly theme: ThemeSwitch;
  readonly language: LanguageSwitch;
  readonly preferences: Preferences;
  readonly toasts: Toasts;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = use(AppContext);
  if (app === undefined) throw new Error("AppContext is missing");
  return app;
}
