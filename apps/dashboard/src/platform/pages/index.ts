export { createFirstScreen } from "./first-screen.ts";
export { drawInThread } from "./first-screen-thread.ts";
export { createPages } from "./pages.ts";
export type { PagesDeps } from "./pages.ts";
export { listTemplates } from "./template.ts";
export type { Template, TemplateFolders } from "./template.ts";
