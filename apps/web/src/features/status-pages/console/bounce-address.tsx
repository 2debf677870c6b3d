import type { StatusPage } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useWrite } from "#shell/console/queries.ts";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { CopyField } from "#ui/copy-field.tsx";

/** Where mail services report what cannot be delivered, and how to have another address when somebody else knows it. */
export function BounceAddress({ page, path }: { readonly page: StatusPage; readonly path: string }) {
  const { t } = useFormats();
  const [asking, setAsking] = useState(false);
  const delivery = `/status-page/${page.id}/delivery`;
  const renew = useWrite((api) => api.post(`/status-page/${page.id}/bounce-address`), [delivery]);
  const text = `${location.origin}${path}`;
  return (
    <div className="grid gap-1.5">
      <p className="text-sm text-ink-2">{t("statusPages.bounceHelp")}</p>
      <CopyField label={t("statusPages.bounce")} text={text} />
      <div>
        <Button size="small" onClick={() => setAsking(true)}>
          {t("statusPages.newBounce")}
        </Button>
      </div>
      {asking ? (
        <ConfirmDialog
          title={t("statusPages.newBounceTitle")}
          names={[page.title]}
          verb={t("statusPages.newBounce")}
          run={async () => void (await renew.mutateAsync(undefined))}
          onClose={() => setAsking(false)}
        >
          {t("statusPages.newBounceHelp")}
        </ConfirmDialog>
      ) : null}
    </div>
  );
}
