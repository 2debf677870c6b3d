/** The product's mark, or the site's own logo. */
export function Brand({
  name,
  logo,
  large = false,
}: {
  readonly name: string;
  readonly logo?: string | undefined;
  readonly large?: boolean;
}) {
  const size = large ? "size-8" : "size-6";
  return (
    <>
      {logo === undefined ? (
        <svg viewBox="0 0 32 32" className={`${size} flex-none`} aria-hidden="true">
          <rect x="2" y="2" width="28" height="28" rx="8" fill="var(--ink)" />
          <path
            d="M7.5 20.5H11.5L14 11l4 12 2.75-7H24.5"
            fill="none"
            stroke="var(--surface)"
            strokeWidth="2.75"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </svg>
      ) : (
        <img src={logo} alt="" className={`${size} flex-none rounded-chip object-contain`} />
      )}
      <span className="truncate">{name}</span>
    </>
  );
}
