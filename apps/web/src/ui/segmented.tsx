import type { ReactNode } from "react";

export interface Segment<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  /** Name and tooltip when `label` is only an icon. */
  readonly name?: string;
  /** Why it cannot be chosen: shown as tooltip and read aloud. */
  readonly locked?: string;
}

/** One of a few, all visible. */
export function Segmented<V extends string>(props: {
  readonly label: string;
  readonly value: V;
  readonly segments: readonly Segment<V>[];
  readonly onChange: (value: V) => void;
  readonly className?: string;
}) {
  const { label, value, segments, onChange, className = "" } = props;
  return (
    <div role="group" aria-label={label} className={`wf-seg ${className}`}>
      {segments.map((segment) => (
        <button
          key={segment.value}
          type="button"
          aria-pressed={segment.value === value}
          aria-label={segment.name}
          title={segment.locked ?? segment.name}
          aria-disabled={segment.locked !== undefined}
          onClick={() => (segment.locked === undefined ? onChange(segment.value) : undefined)}
        >
          {segment.label}
          {segment.locked === undefined ? null : <span className="sr-only">{segment.locked}</span>}
        </button>
      ))}
    </div>
  );
}
