export * from "./alert-rule.ts";
export * from "./api-token.ts";
export * from "./cron.ts";
export * from "./ddns.ts";
export * from "./envelope.ts";
export * from "./errors.ts";
export { AddressList, IdList } from "./lists.ts";
export * from "./live.ts";
export * from "./login.ts";
export * from "./maintenance.ts";
export * from "./metrics.ts";
export * from "./nat.ts";
export * from "./notification.ts";
export * from "./notification-group.ts";
export {
  DecimalLiteral,
  float32,
  float64,
  int64,
  shortFloat32,
  uint16,
  uint32,
  uint64,
  uint8,
} from "./numbers.ts";
export * from "./oauth2.ts";
export * from "./online-user.ts";
export * from "./profile.ts";
export * from "./scopes.ts";
export * from "./server.ts";
export * from "./server-group.ts";
export * from "./service.ts";
export * from "./service-history.ts";
export * from "./session.ts";
export * from "./setting.ts";
export { LIMITS } from "./text.ts";
export * from "./transfer.ts";
export * from "./user.ts";
export * from "./waf.ts";
