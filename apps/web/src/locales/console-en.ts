import own from "./console/en.json";
import shared from "./shared/en.json";

/** Texts of this half in one file, loaded alone. */
export const texts = { ...shared, ...own };
