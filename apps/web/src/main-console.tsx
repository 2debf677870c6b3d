import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import type { SettingView } from "@windfire/api";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { applyDensity } from "#lib/density.ts";
import { readConventions } from "#lib/conventions.ts";
import { followConventions } from "#lib/formats.ts";
import { createLanguageSwitch } from "#lib/i18n.ts";
import type { Texts } from "#lib/plurals.ts";
import { AppContext } from "#shell/app-context.tsx";
import { createAppServices, followVisibility } from "#shell/app-services.ts";
import { read } from "#shell/console/queries.ts";
import { injectCustomCode } from "#shell/custom-code.ts";
import { ErrorBoundary } from "#shell/error-boundary.tsx";
import { ToastArea } from "#ui/toast.tsx";
import { browserTimers } from "#wire/browser.ts";
import { readEmbedded } from "#wire/embedded.ts";
import { createSessionKeeper } from "#wire/session.ts";
import { createConsoleRouter } from "./routes/console/console.tsx";
import { textLoader } from "./locales/text-loader.ts";
import "./main-console.css";

const texts = textLoader(
  import.meta.glob<Texts>("./locales/shared/*.json", { import: "default" }),
  import.meta.glob<Texts>("./locales/console/*.json", { import: "default" }),
);

/** `?safe=1` leaves the owner's code out, so that a mistake in it can be mended. */
const isSafeMode = () => new URLSearchParams(location.search).get("safe") === "1";

async function start(root: HTMLElement): Promise<void> {
  const services = createAppServices();
  applyDensity(document, services.preferences);
  const queries = new QueryClient();
  const embedded = readEmbedded(document);
  if (embedded.setting !== undefined) queries.setQueryData(["/setting"], embedded.setting);
  const setting = await queries.fetchQuery(read<SettingView>(services.api, "/setting")).catch(() => undefined);
  const language = await createLanguageSwitch({
    document,
    preferences: services.preferences,
    ...texts,
    siteTag: setting?.config.language,
  });
  followConventions(language.i18n, readConventions(services.preferences));
  const code = setting?.config.custom_code_dashboard ?? "";
  if (code !== "" && !isSafeMode()) await injectCustomCode(code, { document, after: browserTimers.after });
  keepSession(
    queries,
    createSessionKeeper({
      api: services.api,
      timers: browserTimers,
      onEnd: () => void queries.invalidateQueries({ queryKey: ["/profile"] }),
    }),
  );
  followVisibility(services.live.socket);
  createRoot(root).render(
    <StrictMode>
      <AppContext value={{ ...services, language }}>
        <QueryClientProvider client={queries}>
          <ErrorBoundary>
            <RouterProvider router={createConsoleRouter()} />
          </ErrorBoundary>
          <ToastArea toasts={services.toasts} />
        </QueryClientProvider>
      </AppContext>
    </StrictMode>,
  );
}

/** From the first known profile on the session is kept alive while the page is open. */
function keepSession(queries: QueryClient, keeper: { start(): void }): void {
  const stop = queries.getQueryCache().subscribe(() => {
    if (queries.getQueryData(["/profile"]) === undefined) return;
    stop();
    keeper.start();
  });
}

const root = document.getElementById("root");
if (root !== null) void start(root);
