import type { ReactNode } from "react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Note } from "./banner.tsx";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";

const NAMES_SHOWN = 5;

interface ConfirmProps {
  readonly title: string;
  /** What it is about, by name: the first five, the rest on demand. */
  readonly names: readonly string[];
  /** What else changes. */
  readonly children?: ReactNode;
  /** Verb with its object: "Delete 3 servers". */
  readonly verb: string;
  readonly dangerous?: boolean;
  /** Text of the button that changes nothing; "Cancel" without. */
  readonly cancel?: string;
  readonly run: () => Promise<void>;
  readonly onClose: () => void;
}

/** A dangerous action: names what it is about, keeps the focus on Cancel, and shows a refusal in place. */
export function ConfirmDialog({ title, names, children, verb, dangerous = true, cancel: cancelText, run, onClose }: ConfirmProps) {
  const { t } = useTranslation();
  const cancel = useRef<HTMLSpanElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const [all, setAll] = useState(false);
  useEffect(() => cancel.current?.querySelector("button")?.focus(), []);
  const confirm = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await run();
      onClose();
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
      setBusy(false);
    }
  };
  const hidden = names.length - NAMES_SHOWN;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <span ref={cancel}>
            <Button onClick={onClose}>{cancelText ?? t("action.cancel")}</Button>
          </span>
          <Button kind={dangerous ? "danger" : "primary"} disabled={busy} onClick={() => void confirm()}>
            {verb}
          </Button>
        </>
      }
    >
      <ul className="grid gap-1">
        {names.slice(0, all ? undefined : NAMES_SHOWN).map((name, i) => (
          <li key={`${i}-${name}`} className="line-clamp-3 font-medium wrap-anywhere">
            {name}
          </li>
        ))}
      </ul>
      {hidden > 0 && !all ? (
        <button type="button" className="justify-self-start text-link hover:underline" onClick={() => setAll(true)}>
          {t("dialog.more", { count: hidden })}
        </button>
      ) : null}
      {children === undefined ? null : <div className="text-ink-2">{children}</div>}
      {error === undefined ? null : (
        <Note state="critical" alert>
          {error}
        </Note>
      )}
    </Dialog>
  );
}
