import type { Server } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormBar } from "#shell/console/form-bar.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { useForm } from "#shell/console/use-form.ts";
import { Note } from "#ui/banner.tsx";
import { AreaField } from "#ui/field.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { PlanForm } from "./plan-form.tsx";
import { PlanPreview } from "./plan-preview.tsx";
import { readPlan } from "./plan-fields.ts";
import { serverBody } from "./server-body.ts";

interface Values {
  readonly note: string;
}

/** Search parameters that keep this form on the screen. */
const HOLDS = ["s", "t"];

/** What everybody sees of a server beside its figures: price, renewal and plan, or a text. Form and text are one: nothing is lost between them. */
export function ServerPlan({ server }: { readonly server: Server }) {
  const { t } = useFormats();
  const save = useWrite((api, note: string) => api.patch(`/server/${server.id}`, serverBody(server, { public_note: note })), ["/server"]);
  const form = useForm<Values>({
    stored: { note: server.public_note ?? "" },
    source: "/server",
    labels: { note: t("fact.publicNote") },
    save: async ({ note }) => void (await save.mutateAsync(note)),
  });
  const { note } = form.values;
  const fields = readPlan(note);
  const [view, setView] = useState<"form" | "text">(fields === undefined ? "text" : "form");
  return (
    <form className="grid grid-cols-[minmax(0,1fr)] gap-5" noValidate onSubmit={form.submit}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-ink-2">{t("planForm.help")}</p>
        <Segmented
          label={t("alerts.view")}
          value={view}
          onChange={setView}
          segments={[
            { value: "form", label: t("alerts.form") },
            { value: "text", label: t("planForm.text") },
          ]}
        />
      </div>
      {view === "text" ? (
        <AreaField {...form.text("note")} help={t("fact.publicNoteHelp")} mono rows={12} spellCheck={false} />
      ) : fields === undefined ? (
        <Note state="warn">{t("planForm.plain")}</Note>
      ) : (
        <PlanForm note={note} fields={fields} onChange={(next) => form.set({ note: next })} />
      )}
      <PlanPreview note={note} />
      <FormBar form={form.bar} holds={HOLDS} />
    </form>
  );
}
