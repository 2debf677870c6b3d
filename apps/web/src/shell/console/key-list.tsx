import { useFormats } from "#lib/formats.ts";
import { Dialog } from "#ui/dialog.tsx";

/** Every key of the console, and what it does. */
export function KeyList({ onClose }: { readonly onClose: () => void }) {
  const { t } = useFormats();
  const keys: readonly (readonly [string, string])[] = [
    ["Ctrl K", t("palette.open")],
    ["/", t("keys.doSearch")],
    ["g h", t("nav.home")],
    ["g s", t("nav.servers")],
    ["g v", t("nav.services")],
    ["g a", t("nav.alerts")],
    ["g t", t("nav.tasks")],
    ["g n", t("nav.notifications")],
    ["j k", t("keys.doRows")],
    ["x", t("keys.doSelect")],
    ["e", t("keys.doEdit")],
    [".", t("keys.doMenu")],
    ["b", t("keys.doBatch")],
    ["Ctrl S", t("keys.doSave")],
    ["?", t("keys.doHelp")],
  ];
  return (
    <Dialog title={t("keys.doList")} onClose={onClose}>
      <dl className="wf-facts items-baseline">
        {keys.map(([key, does]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="rounded-chip border border-line-2 bg-sunken px-1.5 py-0.5 font-mono text-xs text-ink">{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p className="text-sm text-ink-3">{t("keys.singleHelp")}</p>
    </Dialog>
  );
}
