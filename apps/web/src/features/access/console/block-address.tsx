import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { TextField } from "#ui/field.tsx";

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f:]*:[\da-f:.]+)$/i;

/** Keeps one address out by hand. */
export function BlockAddress({ onClose }: { readonly onClose: () => void }) {
  const { t } = useFormats();
  const [address, setAddress] = useState("");
  const [tried, setTried] = useState(false);
  const block = useWrite((api, addresses: readonly string[]) => api.post("/online-user/batch-block", addresses), ["/waf", "/online-user"]);
  const fits = ADDRESS.test(address.trim());
  const run = async () => {
    setTried(true);
    if (!fits) return false;
    await block.mutateAsync([address.trim()]);
    return true;
  };
  return (
    <FormDialog title={t("firewall.blockOne")} verb={t("online.block")} run={run} onClose={onClose}>
      <TextField
        label={t("firewall.address")}
        autoFocus
        help={t("firewall.blockHelp")}
        placeholder="203.0.113.9"
        autoCapitalize="none"
        spellCheck={false}
        value={address}
        error={tried && !fits ? t("firewall.addressWrong") : undefined}
        onChange={(event) => setAddress(event.target.value)}
      />
    </FormDialog>
  );
}
