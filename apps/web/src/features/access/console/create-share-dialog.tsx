import type { NewShareLink, ShareKind, ShareLinkForm } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useIsAdmin, useList, useProfile, useServerRows, useWrite } from "#shell/console/queries.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { CopyField } from "#ui/copy-field.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { SelectField, TextField } from "#ui/field.tsx";
import { Picker } from "#ui/picker.tsx";
import { PasswordInput } from "./password-input.tsx";

const DAYS = [1, 7, 30, 90, 365] as const;
const DEFAULT_DAYS = 30;

const KINDS = ["server", "service", "status-page"] as const satisfies readonly ShareKind[];
type Chosen = Readonly<Record<ShareKind, readonly number[]>>;

/** Name, rows, end, password. The link itself is shown once, at the end. */
export function CreateShareDialog({ onClose }: { readonly onClose: () => void }) {
  const [created, setCreated] = useState<NewShareLink>();
  if (created !== undefined) return <CreatedLink link={created} onClose={onClose} />;
  return <ShareForm onCreated={setCreated} onClose={onClose} />;
}

function ShareForm({ onCreated, onClose }: { readonly onCreated: (link: NewShareLink) => void; readonly onClose: () => void }) {
  const { t } = useFormats();
  const [admin, self] = [useIsAdmin(), useProfile()?.id];
  const own = useServerRows().rows.filter(({ owner }) => admin || owner.id === self);
  const services = useList("/service/list").rows;
  const pages = useList("/status-page").rows;
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [days, setDays] = useState<number>(DEFAULT_DAYS);
  const [chosen, setChosen] = useState<Chosen>({ server: [], service: [], "status-page": [] });
  const [tried, setTried] = useState(false);
  const create = useWrite((api, body: ShareLinkForm) => api.post<NewShareLink>("/share-link", body), ["/share-link"]);
  const rows = KINDS.flatMap((kind) => chosen[kind].map((id) => ({ kind, id })));
  const run = async () => {
    setTried(true);
    if (rows.length === 0) return false;
    onCreated(await create.mutateAsync({ name: name.trim(), rows, expires_in_days: days, password }));
    return false;
  };
  return (
    <FormDialog title={t("shares.add")} verb={t("action.create")} wide run={run} onClose={onClose}>
      <TextField
        label={t("form.name")}
        name="name"
        autoFocus
        help={t("shares.nameHelp")}
        maxLength={256}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Picker
        label={t("nav.servers")}
        help={t("shares.rowsHelp")}
        error={tried && rows.length === 0 ? t("shares.nothing") : undefined}
        options={own.map((server) => ({ id: server.id, name: server.name }))}
        chosen={chosen.server}
        onChange={(server) => setChosen({ ...chosen, server })}
      />
      <Picker
        label={t("nav.services")}
        options={services.map((service) => ({ id: service.id, name: service.name }))}
        chosen={chosen.service}
        onChange={(service) => setChosen({ ...chosen, service })}
      />
      <Picker
        label={t("nav.statusPages")}
        options={pages.map((page) => ({ id: page.id, name: page.title }))}
        chosen={chosen["status-page"]}
        onChange={(ids) => setChosen({ ...chosen, "status-page": ids })}
      />
      <SelectField label={t("tokens.expires")} value={String(days)} onChange={(event) => setDays(Number(event.target.value))}>
        {DAYS.map((value) => (
          <option key={value} value={value}>
            {t("tokens.afterDays", { count: value })}
          </option>
        ))}
      </SelectField>
      <PasswordInput label={t("login.password")} name="password" help={t("shares.passwordHelp")} value={password} onChange={setPassword} />
    </FormDialog>
  );
}

function CreatedLink({ link, onClose }: { readonly link: NewShareLink; readonly onClose: () => void }) {
  const { t } = useFormats();
  return (
    <Dialog
      title={t("shares.created", { name: link.name === "" ? `#${link.id}` : link.name })}
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t("action.done")}
        </Button>
      }
    >
      <Note state="warn" title={t("tokens.once")}>
        {t("shares.onceHelp")}
      </Note>
      <CopyField label={t("shares.link")} text={`${location.origin}/share#${link.secret}`} />
    </Dialog>
  );
}
