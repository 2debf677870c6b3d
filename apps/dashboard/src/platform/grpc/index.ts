export type { Admission, CallConnection, CallEnd, CallInfo, Method, SendOutcome, StreamCall, StreamMethod, UnaryMethod } from "./call.ts";
export { createGrpcServer, type GrpcCounters, type GrpcDeps, type GrpcLimits, type GrpcServer } from "./server.ts";
