import { ArrowUp, RefreshCw } from "lucide-react";
import { useEffect, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { crumbsOf, parentOf } from "./paths.ts";

interface PathBarProps {
  /** The folder that is shown. */
  readonly path: string;
  readonly onGo: (path: string) => void;
  readonly onRead: () => void;
}

/** Where one is: folders to go back to, and a field to write a path into. */
export function PathBar({ path, onGo, onRead }: PathBarProps) {
  const { t } = useFormats();
  const [written, setWritten] = useState(path);
  useEffect(() => setWritten(path), [path]);
  const parent = parentOf(path);
  return (
    <div className="grid gap-2">
      <form
        className="flex gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          onGo(written);
        }}
      >
        <IconButton
          kind="plain"
          size="normal"
          label={t("files.up")}
          disabled={parent === undefined}
          onClick={() => parent !== undefined && onGo(parent)}
        >
          <ArrowUp className="size-4" aria-hidden="true" />
        </IconButton>
        <input
          className="wf-input font-mono text-sm"
          aria-label={t("files.path")}
          value={written}
          spellCheck={false}
          autoCapitalize="none"
          onChange={(event) => setWritten(event.target.value)}
        />
        {written === path ? null : <Button type="submit">{t("files.goTo")}</Button>}
        <IconButton kind="plain" size="normal" label={t("files.refresh")} onClick={onRead}>
          <RefreshCw className="size-4" aria-hidden="true" />
        </IconButton>
      </form>
      <nav aria-label={t("files.path")} className="flex flex-wrap gap-x-1 text-sm">
        {crumbsOf(path).map(({ name, path: at }) => (
          <button key={at} type="button" className="min-h-6 rounded-cell px-1 text-link hover:underline" onClick={() => onGo(at)}>
            {name}
          </button>
        ))}
      </nav>
    </div>
  );
}
