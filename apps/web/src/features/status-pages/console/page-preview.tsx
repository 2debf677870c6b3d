import type { StatusPagePreview } from "@windfire/api";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { Note } from "#ui/banner.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { useStill } from "#ui/use-still.ts";
import type { PageValues } from "./page-values.ts";

/** Nobody waits for a picture of every letter. */
const STILL_MS = 400;

/** The page as its readers would see it now, saved or not. Its last picture stays while something in the form is wrong. */
export function PagePreview({ id, values, ready }: { readonly id: number; readonly values: PageValues; readonly ready: boolean }) {
  const { t } = useFormats();
  const { api } = useApp();
  const still = useStill(values, STILL_MS);
  const preview = useQuery({
    queryKey: ["/status-page/preview", id, still],
    queryFn: () => api.post<StatusPagePreview>("/status-page/preview", { page: still, id, language: still.language }),
    enabled: ready,
    retry: false,
    gcTime: 0,
  });
  const shown = useLast(preview.data);
  return (
    <section className="sticky top-4 grid grid-cols-[minmax(0,1fr)] gap-3 max-xl:static" aria-label={t("channels.preview")}>
      <h2 className="text-sm font-strong text-ink-2">{t("channels.preview")}</h2>
      {preview.error === null ? null : <Note state="warn">{preview.error.message}</Note>}
      {shown === undefined ? (
        <Skeleton className="h-140 w-full" />
      ) : (
        <iframe
          title={t("channels.preview")}
          sandbox=""
          srcDoc={permitted(shown.html)}
          className="h-[calc(100dvh-11rem)] min-h-100 w-full rounded-card border border-line bg-surface"
        />
      )}
    </section>
  );
}

/** The newest answer, also while a newer one is under way or refused. */
function useLast<T>(value: T | undefined): T | undefined {
  const last = useRef(value);
  useEffect(() => {
    if (value !== undefined) last.current = value;
  });
  return value ?? last.current;
}

/** A framed document without an address has the policy of the page around it, which lets in styles of its own nonce only. */
function permitted(html: string): string {
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
  return html.replace("<style>", `<style nonce="${nonce}">`);
}
