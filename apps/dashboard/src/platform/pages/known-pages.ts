const CONSOLE_PAGES = [
  "",
  "login",
  "servers",
  "service",
  "cron",
  "cron-run",
  "notification",
  "alert-rule",
  "incident",
  "incident-history",
  "snooze",
  "enrolment",
  "maintenance-window",
  "ddns",
  "nat",
  "server-group",
  "notification-group",
  "delivery",
  "report",
  "status-page",
  "page-template",
  "audit",
  "profile",
  "share-link",
  "settings",
  "settings/user",
  "settings/online-user",
  "settings/waf",
  "settings/api-tokens",
  "settings/backup",
  "transfer",
];

/** Pages that any other site may show in a frame: they show one thing, and there is nothing to do on them. */
const EMBED_PAGE = /^\/embed\/(server|service)\/\d+$/;

const PATTERNS = [
  /^\/$/,
  /^\/server\/\d*$/,
  /^\/service(\/\d+)?$/,
  /^\/(map|wall|share)$/,
  EMBED_PAGE,
  new RegExp(`^/dashboard/(${CONSOLE_PAGES.join("|")})$`),
  /^\/dashboard\/(terminal|files|incident|cron-run|status-page)\/\d+$/,
  /^\/dashboard\/status-page\/\d+\/(incident|maintenance|subscriber|delivery)$/,
];

export function isEmbedPage(path: string): boolean {
  return EMBED_PAGE.test(path);
}

/** Whether a path is a page of a front end: its document comes with 200, that of any other path with 404 (spec 10 section 17). */
export function isKnownPage(path: string): boolean {
  return PATTERNS.some((pattern) => pattern.test(path));
}
