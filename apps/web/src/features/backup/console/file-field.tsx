import { useId } from "react";

interface FileFieldProps {
  readonly label: string;
  readonly onChange: (file: File | undefined) => void;
}

/** A file of the reader's own machine. */
export function FileField({ label, onChange }: FileFieldProps) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        id={id}
        type="file"
        className="max-w-full text-sm file:me-3 file:cursor-pointer file:rounded-control file:border file:border-solid file:border-line file:bg-surface file:px-3 file:py-1.5 file:font-medium file:text-ink"
        onChange={(event) => onChange(event.target.files?.[0])}
      />
    </div>
  );
}
