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

const FIELDS: ReadonlySet<string> = new Set(EDITABLE);

/** Those of a configuration. */
export function editableOf(values: EditableSettings): EditableSettings {
  const editable = { ...values };
  for (const field of Object.keys(values)) if (!FIELDS.has(field)) Reflect.deleteProperty(editable, field);
  return editable;
}
