/** Full name of the gRPC service. */
export const SERVICE = "proto.NezhaService";

/** The six methods, and one of ours: `stream` ones are streams in both directions. */
export const METHODS = {
  ReportSystemState: "stream",
  ReportSystemInfo: "unary",
  ReportSystemInfo2: "unary",
  RequestTask: "stream",
  IOStream: "stream",
  ReportGeoIP: "unary",
  /** Of ours: only where the dashboard announces `late-states`. */
  ReportLateStates: "unary",
} as const;

export type MethodName = keyof typeof METHODS;

/** `:path` of a method. */
export function methodPath(method: MethodName): string {
  return `/${SERVICE}/${method}`;
}
