export { createReplicaSet } from "./replica-set.ts";
export type { ReplicaSet, TestReplica } from "./replica-set.ts";
export { hostOf, stateOf } from "./samples.ts";
