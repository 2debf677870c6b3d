import type { StatusPage } from "@windfire/api";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormBar } from "#shell/console/form-bar.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { translated } from "#shell/console/translated.ts";
import { useForm } from "#shell/console/use-form.ts";
import { oneOf, useSearchState } from "#shell/navigation.ts";
import { ContentFields } from "./content-fields.tsx";
import { LanguageFields } from "./language-fields.tsx";
import { LooksFields } from "./looks-fields.tsx";
import { StatusPageFrame } from "./page-frame.tsx";
import { PagePreview } from "./page-preview.tsx";
import { checkPage, readPage } from "./page-values.ts";
import type { PageValues } from "./page-values.ts";
import { PartsFields } from "./parts-fields.tsx";
import { ReaderFields } from "./reader-fields.tsx";

const TABS = ["content", "parts", "readers", "looks", "languages"] as const;
type Tab = (typeof TABS)[number];

/** Where each field stands. */
const PLACES: Readonly<Record<keyof PageValues, Tab>> = {
  title: "content",
  slug: "content",
  intro: "content",
  footer: "content",
  links: "content",
  groups: "parts",
  history_days: "parts",
  values: "parts",
  published: "readers",
  visibility: "readers",
  password: "readers",
  zone: "readers",
  subscribe_email: "readers",
  subscribe_webhook: "readers",
  logo: "looks",
  logo_dark: "looks",
  accent: "looks",
  accent_dark: "looks",
  ground: "looks",
  ground_dark: "looks",
  language: "languages",
  texts: "languages",
};

/** What a page says, lists and looks like, beside how its readers would see it. */
export function Page() {
  return <StatusPageFrame>{(page) => <Editor key={page.id} page={page} />}</StatusPageFrame>;
}

function Editor({ page }: { readonly page: StatusPage }) {
  const { t } = useFormats();
  const [search, change] = useSearchState();
  const tab = oneOf(search["tab"], TABS) ?? "content";
  const goTo = (name: Tab) => change({ tab: name === "content" ? "" : name });
  const stored = useMemo(() => readPage(page), [page]);
  const save = useWrite((api, body: PageValues) => api.patch(`/status-page/${page.id}`, body), ["/status-page"]);
  const form = useForm<PageValues>({
    stored,
    source: "/status-page",
    labels: useLabels(),
    reveal: (field) => goTo(PLACES[field]),
    check: (values) => translated(t, checkPage(values, page.has_password)),
    save: async (values) => void (await save.mutateAsync(values)),
  });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
        <div role="group" aria-label={t("statusPages.sections")} className="wf-tabs">
          {TABS.map((name) => (
            <button key={name} type="button" aria-current={name === tab ? "page" : undefined} onClick={() => goTo(name)}>
              {t(`statusPages.tab.${name}`)}
            </button>
          ))}
        </div>
        <form className="grid grid-cols-[minmax(0,1fr)] gap-5" onSubmit={form.submit}>
          {tab === "content" ? <ContentFields form={form} /> : null}
          {tab === "parts" ? <PartsFields form={form} /> : null}
          {tab === "readers" ? <ReaderFields form={form} page={page} /> : null}
          {tab === "looks" ? <LooksFields form={form} /> : null}
          {tab === "languages" ? <LanguageFields form={form} /> : null}
          <FormBar form={form.bar} />
        </form>
      </div>
      <PagePreview id={page.id} values={form.values} ready={Object.keys(checkPage(form.values, true)).length === 0} />
    </div>
  );
}

/** Names of the fields, in their order. */
function useLabels(): Record<keyof PageValues, string> {
  const { t } = useFormats();
  return Object.fromEntries(Object.keys(PLACES).map((field) => [field, t(`statusPages.field.${field}`)])) as Record<
    keyof PageValues,
    string
  >;
}
