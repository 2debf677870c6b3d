import { codes, folder } from "virtual:flag-files";

const known = new Set(codes.match(/../g));

/** Whether there is a flag for the code (lower-case ISO 3166-1 alpha-2). */
export function hasFlag(code: string): boolean {
  return known.has(code);
}

/** The flag of a country; nothing for codes without one. `name` is what it is called. */
export function Flag({ code, name, large = false }: { readonly code: string; readonly name: string; readonly large?: boolean }) {
  if (!hasFlag(code)) return null;
  return (
    <img
      src={`${import.meta.env.BASE_URL}${folder}/${code}.svg`}
      alt={name}
      title={name}
      width={large ? 24 : 20}
      height={large ? 16 : 14}
      loading="lazy"
      decoding="async"
      className={`flex-none rounded-[2px] object-cover outline outline-line-2 ${large ? "h-4 w-6" : "h-3.5 w-5"}`}
    />
  );
}
