import type { ReactNode } from "react";

/** A surface with a one-pixel line. `scrolls`: wide content moves sideways inside and can be reached by key. */
export function Card(props: {
  readonly label?: string;
  readonly scrolls?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const { label, scrolls = false, className = "", children } = props;
  if (!scrolls) return <div className={`wf-card ${className}`}>{children}</div>;
  return (
    <div className={`wf-card ${className}`}>
      <div className="wf-scroll" role="region" aria-label={label} tabIndex={0}>
        {children}
      </div>
    </div>
  );
}
