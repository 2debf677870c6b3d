import type { ReactNode } from "react";
import { useLayoutEffect } from "react";
import { useFormats } from "#lib/formats.ts";
import { CopyField } from "#ui/copy-field.tsx";
import { useSearchState } from "./navigation.ts";

/** What another site shows in a frame: no header, no footer. `?theme=light|dark` for this frame alone, `?bare=1` without a surface of its own. */
export function EmbedFrame({ children }: { readonly children: ReactNode }) {
  const [search] = useSearchState();
  const { theme, bare } = search;
  useLayoutEffect(() => {
    const { classList } = document.documentElement;
    if (theme !== "light" && theme !== "dark") return;
    classList.toggle("dark", theme === "dark");
    classList.toggle("light", theme === "light");
  }, [theme]);
  return (
    <main id="main" className={bare === "1" ? "" : "p-2"}>
      <div className={bare === "1" ? "" : "wf-card p-4"}>{children}</div>
    </main>
  );
}

/** A link from a frame: it opens beside the page that the frame is in. */
export function EmbedLink({ path, children }: { readonly path: string; readonly children: ReactNode }) {
  return (
    <a href={path} target="_blank" rel="noopener" className="min-w-0 flex-1 truncate font-strong text-ink">
      {children}
    </a>
  );
}

export function EmbedMissing() {
  const { t } = useFormats();
  return <p className="text-sm text-ink-2">{t("embed.none")}</p>;
}

/** The code that puts a frame into another page. `height` in pixels. */
export function EmbedCode({ path, title, height }: { readonly path: string; readonly title: string; readonly height: number }) {
  const { t } = useFormats();
  const escaped = title.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  const code = `<iframe src="${location.origin}${path}" title="${escaped}" width="320" height="${height}" style="border:0" loading="lazy"></iframe>`;
  return (
    <section className="wf-card grid gap-3 p-4">
      <h2 className="text-md">{t("embed.title")}</h2>
      <p className="text-sm text-ink-2">{t("embed.help")}</p>
      <CopyField text={code} label={t("embed.code")} />
    </section>
  );
}
