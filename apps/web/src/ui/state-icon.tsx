/** What shape and colour say about a thing. Each state has its own shape, so that colour is never alone. */
export type StateShape = "up" | "warn" | "critical" | "offline" | "maintenance" | "waiting";

const COLOURS: Readonly<Record<StateShape, string>> = {
  up: "text-ok",
  warn: "text-warn",
  critical: "text-crit",
  offline: "text-off",
  maintenance: "text-maint",
  waiting: "text-off",
};

const MARK = { fill: "none", stroke: "var(--surface)", strokeWidth: 1.8, strokeLinecap: "round", strokeLinejoin: "round" } as const;

function shape(state: StateShape) {
  switch (state) {
    case "up":
      return (
        <>
          <circle cx="8" cy="8" r="7" fill="currentColor" />
          <path d="M5 8.25 7.1 10.3 11.1 5.9" {...MARK} />
        </>
      );
    case "warn":
      return (
        <>
          <path d="M8 1.75 14.75 13.75H1.25z" fill="currentColor" stroke="currentColor" strokeWidth="1.75" strokeLinejoin="round" />
          <path d="M8 5.75V9.25M8 11.75V11.8" {...MARK} />
        </>
      );
    case "critical":
      return (
        <>
          <path d="M8 1 15 8 8 15 1 8z" fill="currentColor" stroke="currentColor" strokeWidth="1.25" strokeLinejoin="round" />
          <path d="M8 4.6V8.5M8 11.2V11.25" {...MARK} />
        </>
      );
    case "offline":
      return (
        <>
          <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" />
          <path d="M5.75 5.75 10.25 10.25M10.25 5.75 5.75 10.25" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" />
        </>
      );
    case "maintenance":
      return (
        <>
          <rect x="1.5" y="1.5" width="13" height="13" rx="3.5" fill="currentColor" />
          <path d="M6.1 5.25V10.75M9.9 5.25V10.75" {...MARK} />
        </>
      );
    case "waiting":
      return <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="2.6 2.11" />;
  }
}

/** With `label` it is read aloud; without, the word must stand beside it. */
export function StateIcon({
  state,
  label,
  className = "",
}: {
  readonly state: StateShape;
  readonly label?: string;
  readonly className?: string;
}) {
  const name = label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  return (
    <svg viewBox="0 0 16 16" className={`size-3.5 flex-none ${COLOURS[state]} ${className}`} {...name}>
      {shape(state)}
    </svg>
  );
}
