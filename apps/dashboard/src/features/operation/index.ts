export { logRoutes } from "./log-routes.ts";
export { operationPages } from "./pages.ts";
export { createReadiness } from "./readiness.ts";
export { createReload } from "./reload.ts";
