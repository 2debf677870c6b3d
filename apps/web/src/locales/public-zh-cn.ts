import own from "./public/zh-CN.json";
import shared from "./shared/zh-CN.json";

/** Texts of this half in one file, loaded alone. */
export const texts = { ...shared, ...own };
