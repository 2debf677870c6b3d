export { canManageCovering, canViewService, cronCoverage, flaggedCoverage, requireCoverage } from "./coverage.ts";
export type { Coverage, ServerReach } from "./coverage.ts";
export {
  canManage,
  canManageServer,
  canViewServer,
  hasScope,
  mayTellGroup,
  reachesServer,
  requireManage,
  requireManageServers,
  requireNotificationGroup,
  requireTriggerTasks,
  seesServerInFull,
  serverListOf,
} from "./policy.ts";
export type { Owned, OwnedServer, ViewedServer } from "./policy.ts";
export { isOpenToViewers } from "./viewers.ts";
