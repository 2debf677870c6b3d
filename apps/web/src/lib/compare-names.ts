/** Made once: `localeCompare` with options makes one for each pair. */
const collator = new Intl.Collator(undefined, { numeric: true });

/** Names in the order people expect: `web-2` before `web-10`. */
export const compareNames = (a: string, b: string): number => collator.compare(a, b);
