import type { ConfigValues } from "./values.ts";

/** What `PATCH /setting` may change (spec 41 section 5). */
export const EDITABLE = [
  "agentRealIpHeader",
  "allowJwtIpChange",
  "cover",
  "customCode",
  "customCodeDashboard",
  "dashboardHost",
  "dnsServers",
  "enableIpChangeNotification",
  "enableMcp",
  "enablePlainIpInNotification",
  "enrolmentOnly",
  "ignoredIpNotification",
  "installHost",
  "ipChangeNotificationGroupId",
  "language",
  "reservedHosts",
  "siteName",
  "stepUp",
  "tls",
  "userTemplate",
  "webRealIpHeader",
] as const satisfies readonly (keyof ConfigValues)[];

export type EditableSettings = Readonly<Pick<ConfigValues, (typeof EDITABLE)[number]>>;

/** Those of a configuration. */
export function editableOf(values: EditableSettings): EditableSettings {
  return Object.fromEntries(EDITABLE.map((field) => [field, values[field]])) as unknown as EditableSettings;
}
