export { createTranslator } from "./translator.ts";
export type { Translator } from "./translator.ts";
