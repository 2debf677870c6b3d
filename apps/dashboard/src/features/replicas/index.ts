export { createLoneReplicas } from "./lone.ts";
export { othersLater } from "./others.ts";
export { createReplicas } from "./room.ts";
export type { Replicas, ReplicasDeps } from "./room.ts";
export { newStreamId } from "./stream-names.ts";
