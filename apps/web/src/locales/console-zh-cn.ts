import own from "./console/zh-CN.json";
import shared from "./shared/zh-CN.json";
import { mergeTexts } from "./merge-texts.ts";

/** Texts of this half in one file, loaded alone. */
export const texts = mergeTexts(shared, own);
