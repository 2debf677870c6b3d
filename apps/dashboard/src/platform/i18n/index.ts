export { createTranslator, isTranslated } from "./translator.ts";
export type { Translator } from "./translator.ts";
