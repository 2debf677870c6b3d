import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useEffect, useId, useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./button.tsx";

/**
 * Opens the native element when it appears: it traps the focus, gives it back, and closes on Esc. Radix' dialog would be 14 kB for the same.
 */
function useModal(onClose: () => void) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    dialog.showModal();
    // On the dialog itself, so that its name is read first, unless a field is what it was opened for.
    const field = dialog.querySelector<HTMLElement>("[data-focus]");
    (field ?? dialog).focus();
  }, []);
  useLayoutEffect(() => {
    const dialog = ref.current;
    // While it is still in the document: only then the focus goes back to where it was.
    return () => dialog?.close();
  }, []);
  return {
    ref,
    tabIndex: -1,
    onCancel(event: React.SyntheticEvent) {
      event.preventDefault();
      onClose();
    },
    onClick(event: React.MouseEvent) {
      if (event.target === ref.current) onClose();
    },
  };
}

interface DialogProps {
  /** Names the object the decision is about. */
  readonly title: string;
  readonly onClose: () => void;
  readonly footer?: ReactNode;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A decision. Rendered only while it is open. */
export function Dialog({ title, onClose, footer, wide = false, children }: DialogProps) {
  const { t } = useTranslation();
  const id = useId();
  const modal = useModal(onClose);
  return (
    <dialog {...modal} aria-labelledby={id} className="wf-dialog" style={wide ? { "--dialog-width": "44rem" } : undefined}>
      <div className="flex items-center gap-3 border-b border-line px-5 py-4">
        <h2 id={id} className="line-clamp-2 min-w-0 flex-1 text-lg wrap-anywhere">
          {title}
        </h2>
        <IconButton label={t("action.close")} onClick={onClose}>
          <X className="size-4" aria-hidden="true" />
        </IconButton>
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-4 overflow-y-auto p-5">{children}</div>
      {footer === undefined ? null : (
        <div className="flex flex-wrap items-center justify-end gap-3 border-t border-line px-5 py-4">{footer}</div>
      )}
    </dialog>
  );
}

interface DrawerProps {
  readonly title: ReactNode;
  readonly name: string;
  readonly tabs?: ReactNode;
  readonly actions?: ReactNode;
  readonly footer?: ReactNode;
  /** Room for a form with pairs of fields. */
  readonly wide?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** An object beside its list; a full page on a phone. */
export function Drawer({ title, name, tabs, actions, footer, wide = false, onClose, children }: DrawerProps) {
  const { t } = useTranslation();
  const modal = useModal(onClose);
  return (
    <dialog {...modal} aria-label={name} className="wf-drawer" style={wide ? { "--drawer-width": "38rem" } : undefined}>
      <div className="flex items-center gap-2 px-5 pt-4 pb-3">
        <div className="flex min-w-0 flex-1 items-center gap-2">{title}</div>
        {actions}
        <IconButton label={t("action.close")} onClick={onClose}>
          <X className="size-4" aria-hidden="true" />
        </IconButton>
      </div>
      <div className="px-5">{tabs}</div>
      <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-5 overflow-y-auto p-5">{children}</div>
      {footer === undefined ? <span /> : <div className="flex flex-wrap items-center gap-2 border-t border-line px-5 py-3">{footer}</div>}
    </dialog>
  );
}
