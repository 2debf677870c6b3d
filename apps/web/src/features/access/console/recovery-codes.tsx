import { useFormats } from "#lib/formats.ts";
import { saveText } from "#lib/save-text.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { CopyField } from "#ui/copy-field.tsx";
import { Dialog } from "#ui/dialog.tsx";

/** Codes that are shown this once. */
export function RecoveryCodesDialog({ codes, onClose }: { readonly codes: readonly string[]; readonly onClose: () => void }) {
  const { t } = useFormats();
  const text = codes.join("\n");
  return (
    <Dialog
      title={t("factor.codes")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={() => saveText("recovery-codes.txt", `${text}\n`)}>{t("factor.save")}</Button>
          <Button kind="primary" onClick={onClose}>
            {t("action.done")}
          </Button>
        </>
      }
    >
      <Note state="warn" title={t("factor.keep")}>
        {t("factor.keepHelp")}
      </Note>
      <CopyField label={t("factor.codes")} text={text} />
    </Dialog>
  );
}
