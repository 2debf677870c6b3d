import { Check, Copy } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./button.tsx";

const SAID_MS = 2000;

/** Copies, and says so in place for two seconds. Without a clipboard the text gets selected. */
export function useCopy(text: string) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (fallback: Element | null) => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      if (fallback !== null) getSelection()?.selectAllChildren(fallback);
    }
  };
  return { copied, copy };
}

interface CopyFieldProps {
  readonly text: string;
  /** What is shown instead, with secrets masked. The whole text is copied. */
  readonly shown?: string;
  readonly label: string;
}

/** A command, key or address to take away. */
export function CopyField({ text, shown = text, label }: CopyFieldProps) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy(text);
  const body = useRef<HTMLElement>(null);
  return (
    <div className="relative rounded-control border border-line bg-sunken py-3 ps-4 pe-13">
      <code ref={body} aria-label={label} className="block font-mono text-sm leading-relaxed wrap-anywhere whitespace-pre-wrap">
        {shown}
      </code>
      <span className="absolute end-2 top-2">
        <IconButton kind="plain" label={copied ? t("action.copied") : t("action.copy")} onClick={() => void copy(body.current)}>
          {copied ? <Check className="size-4 text-ok-text" aria-hidden="true" /> : <Copy className="size-4" aria-hidden="true" />}
        </IconButton>
      </span>
      <span role="status" className="sr-only">
        {copied ? t("action.copied") : ""}
      </span>
    </div>
  );
}
