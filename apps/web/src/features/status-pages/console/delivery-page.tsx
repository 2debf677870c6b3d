import type { PageDelivery, PageDeliveryForm, StatusPage } from "@windfire/api";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { FormBar } from "#shell/console/form-bar.tsx";
import { FormSection } from "#shell/console/editor-drawer.tsx";
import { useList, useRead, useWrite } from "#shell/console/queries.ts";
import { useForm } from "#shell/console/use-form.ts";
import type { Form } from "#shell/console/use-form.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { SelectField, TextField } from "#ui/field.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { BounceAddress } from "./bounce-address.tsx";
import { ClosedAtDomain } from "./closed-at-domain.tsx";
import { readDelivery, TARGETS, writeDelivery } from "./delivery-values.ts";
import type { DeliveryValues } from "./delivery-values.ts";
import { StatusPageFrame } from "./page-frame.tsx";

const SPELLINGS = { channel: "channel_id" } as const;

/** What of a page reaches beyond it: its domain, the channel of its mail, its copies. For administrators. */
export function Page() {
  return <StatusPageFrame>{(page) => <Delivery key={page.id} page={page} />}</StatusPageFrame>;
}

function Delivery({ page }: { readonly page: StatusPage }) {
  const { data, error } = useRead<PageDelivery>(`/status-page/${page.id}/delivery`);
  if (data !== undefined) return <DeliveryForm page={page} delivery={data} />;
  return error === null ? <Skeleton className="h-80 max-w-(--form)" /> : <Note state="critical">{error.message}</Note>;
}

function DeliveryForm({ page, delivery }: { readonly page: StatusPage; readonly delivery: PageDelivery }) {
  const { t } = useFormats();
  const path = `/status-page/${page.id}/delivery`;
  const stored = useMemo(() => readDelivery(delivery), [delivery]);
  const save = useWrite((api, body: PageDeliveryForm) => api.patch(path, body), [path, "/status-page"]);
  const form = useForm<DeliveryValues>({
    stored,
    source: path,
    spellings: SPELLINGS,
    labels: {
      domain: t("statusPages.domain"),
      channel: t("statusPages.mailChannel"),
      kind: t("statusPages.copies"),
      folder: t("statusPages.folder"),
      endpoint: t("statusPages.endpoint"),
      region: t("statusPages.region"),
      bucket: t("statusPages.bucket"),
      prefix: t("statusPages.prefix"),
      accessKey: t("statusPages.accessKey"),
      secretKey: t("statusPages.secretKey"),
    },
    save: async (values) => void (await save.mutateAsync(writeDelivery(values))),
  });
  return (
    <form className="grid max-w-(--form) grid-cols-[minmax(0,1fr)] gap-6" onSubmit={form.submit}>
      <FormSection>
        <TextField
          {...form.text("domain")}
          help={t("statusPages.domainHelp")}
          placeholder="status.example.org"
          autoCapitalize="none"
          spellCheck={false}
        />
        <ClosedAtDomain page={{ domain: form.values.domain.trim(), visibility: page.visibility }} />
      </FormSection>
      <FormSection title={t("statusPages.mail")}>
        <MailChannel form={form} />
        <BounceAddress page={page} path={delivery.bounce_path} />
      </FormSection>
      <Copies form={form} page={page} delivery={delivery} />
      <FormBar form={form.bar} />
    </form>
  );
}

/** Only mail reaches people that left an address. */
function MailChannel({ form }: { readonly form: Form<DeliveryValues> }) {
  const { t } = useFormats();
  const channels = useList("/notification-channel").rows.filter(({ kind }) => kind === "email");
  const named = new Map(channels.map(({ id, name }) => [id, name]));
  const { channel } = form.values;
  return (
    <SelectField
      label={t("statusPages.mailChannel")}
      help={t("statusPages.mailChannelHelp")}
      value={String(channel)}
      onChange={(event) => form.set({ channel: Number(event.target.value) })}
    >
      <option value="0">{t("notify.nobody")}</option>
      {[...new Set([...(channel === 0 ? [] : [channel]), ...named.keys()])].map((id) => (
        <option key={id} value={id}>
          {named.get(id) ?? `#${id}`}
        </option>
      ))}
    </SelectField>
  );
}

interface CopiesProps {
  readonly form: Form<DeliveryValues>;
  readonly page: StatusPage;
  readonly delivery: PageDelivery;
}

/** Files that are there while the dashboard is not. */
function Copies({ form, page, delivery }: CopiesProps) {
  const { t } = useFormats();
  const { kind } = form.values;
  return (
    <FormSection title={t("statusPages.copies")}>
      <p className="text-sm text-ink-2">{t("statusPages.copiesHelp")}</p>
      <Segmented
        label={t("statusPages.copies")}
        className="justify-self-start"
        value={kind}
        segments={TARGETS.map((value) => ({ value, label: t(`statusPages.target.${value}`) }))}
        onChange={(next) => form.set({ kind: next })}
      />
      {kind === "folder" ? <TextField {...form.text("folder")} placeholder="/var/www/status" mono spellCheck={false} /> : null}
      {kind === "s3" ? (
        <>
          <TextField {...form.text("endpoint")} inputMode="url" placeholder="https://s3.eu-central-1.amazonaws.com" spellCheck={false} />
          <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,13rem),1fr))] gap-4">
            <TextField {...form.text("region")} placeholder="eu-central-1" spellCheck={false} />
            <TextField {...form.text("bucket")} spellCheck={false} />
            <TextField {...form.text("prefix")} placeholder="status/" spellCheck={false} />
            <TextField {...form.text("accessKey")} mono spellCheck={false} autoComplete="off" />
          </div>
          <TextField
            {...form.text("secretKey")}
            type="password"
            autoComplete="new-password"
            help={delivery.export.has_secret_key ? t("profile.newHelp") : undefined}
          />
        </>
      ) : null}
      {delivery.export.kind === "none" ? null : <LastCopy page={page} delivery={delivery} />}
    </FormSection>
  );
}

function LastCopy({ page, delivery }: Omit<CopiesProps, "form">) {
  const { t, time } = useFormats();
  const path = `/status-page/${page.id}`;
  const write = useWrite((api) => api.post(`${path}/export`), [`${path}/delivery`]);
  const at = parseTime(delivery.exported_at);
  const failure = write.error?.message ?? delivery.export_error;
  return (
    <div className="grid gap-3">
      {failure === undefined ? null : <Note state="critical">{failure}</Note>}
      <div className="flex flex-wrap items-center gap-3">
        <span className="text-sm text-ink-2">
          {at === undefined ? t("statusPages.neverCopied") : t("statusPages.copiedAt", { time: time.dateTime(at) })}
        </span>
        <Button size="small" disabled={write.isPending} onClick={() => write.mutate(undefined)}>
          {t("statusPages.copyNow")}
        </Button>
      </div>
    </div>
  );
}
