/** Holds the place of what is on its way. */
export function Skeleton({ className = "" }: { readonly className?: string }) {
  return <span aria-hidden="true" className={`wf-skeleton block ${className}`} />;
}

/** Rows of a list that is loading. */
export function SkeletonRows({ rows = 8, label }: { readonly rows?: number; readonly label: string }) {
  return (
    <div className="wf-card grid" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className="flex h-10 items-center gap-6 border-b border-line px-4 last:border-0">
          <Skeleton className="h-3 w-40" />
          <Skeleton className="h-3 flex-1" />
          <Skeleton className="h-3 w-16" />
        </div>
      ))}
    </div>
  );
}
