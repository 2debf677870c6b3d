import { Upload } from "lucide-react";
import { useRef, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { Button } from "#ui/button.tsx";

/** Asks for files by the browser's own dialog. */
export function UploadButton({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const { t } = useFormats();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        className="sr-only"
        tabIndex={-1}
        aria-label={t("files.upload")}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <Button kind="primary" size="small" onClick={() => input.current?.click()}>
        <Upload className="size-4" aria-hidden="true" />
        {t("files.upload")}
      </Button>
    </>
  );
}

/** Takes files that are dropped on the list. */
export function DropZone({
  onFiles,
  children,
}: {
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: React.ReactNode;
}) {
  const { t } = useFormats();
  const [over, setOver] = useState(false);
  return (
    <div
      className="relative grid grid-cols-[minmax(0,1fr)] gap-3"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {over ? (
        <p className="pointer-events-none absolute inset-0 grid place-items-center rounded-card border-2 border-dashed border-focus bg-select font-medium">
          {t("files.drop")}
        </p>
      ) : null}
    </div>
  );
}
