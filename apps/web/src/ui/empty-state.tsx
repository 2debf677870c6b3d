import type { ReactNode } from "react";

/** One sentence, one action, one link. `first`: it is the heading of the page. */
export function EmptyState({
  title,
  first = false,
  children,
  action,
}: {
  readonly title: string;
  readonly first?: boolean;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="wf-card server-empty-state grid justify-items-center gap-3 px-6 py-12 text-center">
      {first ? <h1 className="text-lg">{title}</h1> : <h2 className="text-lg">{title}</h2>}
      {children === undefined ? null : <p className="max-w-120 text-ink-2">{children}</p>}
      {action}
    </div>
  );
}
