/** How the results of one point, or of a stretch, differ. */
export interface ProbeSpread {
  /** Share of the results that failed, 0 to 1. */
  readonly loss: number;
  /** Mean distance of a delay from the one before, milliseconds; undefined without two. */
  readonly jitter: number | undefined;
}

/** What is known of the delays of a stretch; milliseconds. Undefined where no result succeeded. */
export interface DelaySpread extends ProbeSpread {
  readonly p50: number | undefined;
  readonly p95: number | undefined;
}

/** What several servers together have seen of a service, one point for each 30 seconds in which one of them had a result. */
export interface ProbeSeries {
  /** Unix milliseconds, ascending. */
  readonly starts: Float64Array;
  /** Mean of the successful results, milliseconds; NaN where none was. */
  readonly delays: Float64Array;
  /** Share of the results that failed, 0 to 1. */
  readonly losses: Float64Array;
}

/** What one server has seen of a service in a period (spec 11 section 4.7). */
export interface ServiceServerHistory {
  readonly serverId: number;
  /** Mean of the successful results, milliseconds; 0 without any. */
  readonly avgDelay: number;
  /** up / (up + down) in percent as a 32-bit float, 0 without samples. */
  readonly upPercent: number;
  readonly totalUp: number;
  readonly totalDown: number;
  /** JSON text of the list `[{"ts":…,"delay":…,"status":…}]`; `[]` when there is none. In detail, of spec 11's list in our form. */
  readonly dataPoints: string;
  readonly spread: DelaySpread;
}

/** What one server has seen of one of its services (spec 11 section 4.8); both lists have the same length. */
export interface ServerServiceHistory {
  readonly serviceId: number;
  /** Starts of the points, Unix milliseconds, ascending: JSON text of a list. */
  readonly createdAt: string;
  /** Mean delays, milliseconds: JSON text of a list. */
  readonly avgDelay: string;
}

/** What one server has seen of a service in a day, without the points. */
export interface ServiceServerSummary {
  readonly serverId: number;
  readonly totalUp: number;
  readonly totalDown: number;
  /** Mean of the successful results, milliseconds; 0 without any. */
  readonly avgDelay: number;
  readonly spread: DelaySpread;
  /** Newest point: its start in Unix milliseconds, and its delay unless all of it failed. */
  readonly last: { readonly at: number; readonly delay: number | undefined; readonly up: boolean };
}
