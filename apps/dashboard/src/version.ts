import manifest from "../package.json" with { type: "json" };

/** Our own release number: `-v`, and `version` in the settings. */
export const VERSION: string = manifest.version;

/** The dashboard that this one stands in for: what clients may expect, and what the key rotation compares (design decision 11). */
export const NEZHA_VERSION = "2.3.7";
