import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { Chip } from "#ui/chip.tsx";
import { priceText, Renewal } from "../shared/plan-text.tsx";
import { parsePlan } from "../shared/plan.ts";

/** The note as the server's card shows it. */
export function PlanPreview({ note }: { readonly note: string }) {
  const formats = useFormats();
  const { t } = formats;
  const { store } = useApp().live;
  const plan = parsePlan(note, store.serverNow());
  return (
    <figure className="grid gap-2" aria-label={t("channels.preview")}>
      <figcaption className="text-sm font-strong text-ink-2">{t("channels.preview")}</figcaption>
      <div className="wf-card flex flex-wrap items-center gap-2 p-3 text-sm">
        {plan === undefined ? (
          <span className="line-clamp-2 wrap-anywhere text-ink-2">{note.trim() === "" ? "–" : note}</span>
        ) : (
          <>
            <span>{priceText(formats, plan)}</span>
            <span className="text-ink-2">
              <Renewal plan={plan} />
            </span>
            {[plan.bandwidth, plan.traffic, ...plan.tags].map((text, i) => (text === undefined ? null : <Chip key={i}>{text}</Chip>))}
          </>
        )}
      </div>
    </figure>
  );
}
