import { X } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "./button.tsx";

const SHOWN_MS = 10_000;
const MOST = 3;

export interface Toast {
  readonly text: string;
  readonly undo?: () => void;
}
interface Shown extends Toast {
  readonly key: number;
}

/** Says that something was done elsewhere, or can be undone. Never the only place of an error. At most three; the oldest leaves. */
export interface Toasts {
  show(toast: Toast): void;
  dismiss(key: number): void;
  list(): readonly Shown[];
  subscribe(listener: () => void): () => void;
}

export function createToasts(): Toasts {
  let shown: readonly Shown[] = [];
  let next = 1;
  const listeners = new Set<() => void>();
  const set = (list: readonly Shown[]) => {
    shown = list;
    for (const listener of listeners) listener();
  };
  return {
    show: (toast) => set([...shown, { ...toast, key: next++ }].slice(-MOST)),
    dismiss: (key) => set(shown.filter((toast) => toast.key !== key)),
    list: () => shown,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Where toasts appear; once per page. Never over what can be done next with chosen rows. */
export function ToastArea({ toasts }: { readonly toasts: Toasts }) {
  const list = useSyncExternalStore(toasts.subscribe, toasts.list, toasts.list);
  return (
    <div
      role="status"
      className="fixed inset-x-4 bottom-4 z-50 mx-auto grid w-fit justify-items-center gap-2 max-md:bottom-18 [body:has([data-batch-bar])_&]:bottom-20 max-md:[body:has([data-batch-bar])_&]:bottom-31"
    >
      {list.map((toast) => (
        <ToastItem key={toast.key} toast={toast} onDone={() => toasts.dismiss(toast.key)} />
      ))}
    </div>
  );
}

function ToastItem({ toast, onDone }: { readonly toast: Shown; readonly onDone: () => void }) {
  const { t } = useTranslation();
  useEffect(() => {
    const timer = setTimeout(onDone, SHOWN_MS);
    return () => clearTimeout(timer);
  });
  const undo = () => {
    toast.undo?.();
    onDone();
  };
  return (
    <div className="flex items-center gap-2 rounded-card bg-surface py-1.5 ps-4 pe-1.5 text-sm shadow-pop">
      <span className="py-1">{toast.text}</span>
      {toast.undo === undefined ? null : (
        <Button size="small" onClick={undo}>
          {t("action.undo")}
        </Button>
      )}
      <IconButton label={t("action.close")} onClick={onDone}>
        <X className="size-4" aria-hidden="true" />
      </IconButton>
    </div>
  );
}
