import { useFormats } from "#lib/formats.ts";

/** A message as its reader would see it. `caption`: what it is an example of. */
export function MessagePreview({ title, text, caption }: { readonly title: string; readonly text: string; readonly caption?: string }) {
  const { t } = useFormats();
  return (
    <figure className="grid gap-2" aria-label={t("channels.preview")}>
      {caption === undefined ? null : <figcaption className="text-sm text-ink-3">{caption}</figcaption>}
      <div className="wf-card grid gap-1 p-4 text-sm">
        {title === "" ? null : <b>{title}</b>}
        <p className="wrap-anywhere whitespace-pre-wrap text-ink-2">{text}</p>
      </div>
    </figure>
  );
}
