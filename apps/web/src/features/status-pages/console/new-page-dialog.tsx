import type { StatusPage } from "@windfire/api";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { languageFor } from "#lib/languages.ts";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { TextField } from "#ui/field.tsx";
import { isSlug, newPage, readPage, slugOf } from "./page-values.ts";
import type { PageValues } from "./page-values.ts";

/** A name and an address: the rest is written on the page's own form. `like`: a page whose content the new one begins with. */
export function NewPageDialog({ like, onClose }: { readonly like: StatusPage | undefined; readonly onClose: () => void }) {
  const { t, language } = useFormats();
  const navigate = useNavigate();
  const [title, setTitle] = useState("");
  const [slug, setSlug] = useState<string>();
  const [tried, setTried] = useState(false);
  const created = useRef<number>(undefined);
  const create = useWrite((api, body: PageValues) => api.post<number>("/status-page", body), ["/status-page"]);
  const address = slug ?? slugOf(title);
  const begin = async (): Promise<boolean> => {
    setTried(true);
    if (title.trim() === "" || !isSlug(address)) return false;
    const fresh = newPage(title.trim(), address, languageFor(language).file);
    created.current = await create.mutateAsync(like === undefined ? fresh : copyOf(like, fresh));
    return true;
  };
  const close = () =>
    created.current === undefined ? onClose() : void navigate({ to: `/status-page/${created.current}`, ignoreBlocker: true });
  return (
    <FormDialog title={t("statusPages.add")} verb={t("action.create")} run={begin} onClose={close}>
      <TextField
        label={t("statusPages.field.title")}
        name="title"
        value={title}
        error={tried && title.trim() === "" ? t("form.required") : undefined}
        autoFocus
        onChange={(event) => setTitle(event.target.value)}
      />
      <TextField
        label={t("statusPages.field.slug")}
        name="slug"
        help={`/status/${address}`}
        value={address}
        error={tried && !isSlug(address) ? t("statusPages.slugWrong") : undefined}
        mono
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => setSlug(event.target.value)}
      />
    </FormDialog>
  );
}

/** A password belongs to one page. */
function copyOf(page: StatusPage, { title, slug }: PageValues): PageValues {
  const values = { ...readPage(page), title, slug, published: false };
  return values.visibility === "password" ? { ...values, visibility: "session" } : values;
}
