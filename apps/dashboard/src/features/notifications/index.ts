export { addressNotice, maskAddresses } from "./address-notice.ts";
export { createDateTimeFormat } from "./delivery/date-time.ts";
export type { Deliveries, PairEvent } from "./delivery/deliveries.ts";
export { SEVERITIES } from "./delivery/notice.ts";
export type { Notice, NoticeFacts, Severity } from "./delivery/notice.ts";
export { humanSize } from "./delivery/placeholders.ts";
export type { MessageServer } from "./delivery/placeholders.ts";
export { createNotifications } from "./room.ts";
export type { Notifications, NotificationsDeps } from "./room.ts";
