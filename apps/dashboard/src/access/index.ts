export { createAccess } from "./access.ts";
export type { Access, AccessConfig, AccessDeps, AccessStats } from "./access.ts";
export type { Account, Users } from "./accounts.ts";
export type { AgentAccess } from "./agent-access.ts";
export { blockPage, BLOCKED_MESSAGE } from "./block-page.ts";
export { canManageCovering, canViewService, cronCoverage, flaggedCoverage, requireCoverage, tokenReaches } from "./coverage.ts";
export type { Coverage, ServerReach } from "./coverage.ts";
export type { FirstPassword } from "./first-start.ts";
export type { EndReason, LiveConnection, LiveConnections } from "./live-connections.ts";
export type { OnlineUser, OnlineUsers } from "./online.ts";
export {
  canManage,
  canManageServer,
  canViewServer,
  GLOBAL_OWNER,
  hasScope,
  reachesServer,
  requireManage,
  requireManageServers,
  requireNotificationGroup,
  requireTriggerTasks,
  seesServerInFull,
  serverListOf,
} from "./policy.ts";
export type { Owned, OwnedServer, ViewedServer } from "./policy.ts";
export { randomText } from "./random-text.ts";
export type { RandomBytes } from "./random-text.ts";
export { resetPassword } from "./reset-password.ts";
export type { OwnCredentials } from "./own-credentials.ts";
export type { PasswordReset } from "./reset-password.ts";
export { TOKEN_PREFIX } from "./tokens.ts";
export type { Authentication, Token, TokenFailure } from "./tokens.ts";
export type { Waf } from "./waf.ts";
