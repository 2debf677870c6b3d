import own from "./console/en.json";
import shared from "./shared/en.json";
import { mergeTexts } from "./merge-texts.ts";

/** Texts of this half in one file, loaded alone. */
export const texts = mergeTexts(shared, own);
