const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * Every figure of spec 60 section 5 that the dashboard enforces, in one place. Units are in the names: bytes, ms, else a count.
 * Those that `limits:` in the configuration can change are in `changeableLimits`.
 */
export const fixedLimits = {
  http: {
    bodyBytes: 2 * MIB,
    settingBodyBytes: 8 * MIB,
    /** Ids of channels to delete. */
    channelIdsBodyBytes: MIB,
    /** Body of a route that needs no caller. */
    openBodyBytes: 16 * KIB,
    /** Bodies, messages and frames that are being read, all connections together; and those of strangers among them. */
    bodiesBytes: 64 * MIB,
    strangerBodiesBytes: 16 * MIB,
    /** Compressed answers that are kept, and plain ones that wait to be compressed. */
    compressedBytes: 16 * MIB,
    compressingBytes: 32 * MIB,
    /** What a body costs once it is parsed goes by its values, and by far more when decimals have to be told from integers. */
    json: { depth: 32, values: 50_000, valuesWithDecimals: 10_000 },
    headerBytes: 16 * KIB,
    headerMs: 10_000,
    requestMs: 60_000,
    /** Tunnelled requests and uploads end after this long without progress. */
    stalledUploadMs: 60_000,
  },
  connections: {
    firstRequestMs: 10_000,
    /** Open connections in all, of agents, browsers and proxies. */
    openTotal: 32_768,
    /** HTTP/1.1 connections that one address keeps between requests. */
    keptPerPeer: 512,
    /** A connection that has said nothing for this long gives way when its address has too many. */
    silentMs: 1_000,
  },
  text: {
    nameCharacters: 256,
    /** URL, probe target, domain, header value. */
    addressBytes: 8 * KIB,
    /** Note, public note, command, webhook body. */
    noteBytes: 64 * KIB,
    customCodeBytes: MIB,
  },
  lists: { entries: 10_000, pageSize: 500 },
  sockets: {
    feedMessageBytes: 4 * KIB,
    terminalMessageBytes: 512 * KIB + 64,
    fileMessageBytes: MIB,
    /** Open WebSockets: all, and those of one user or of one known address. */
    open: { total: 10_000, perHolder: 512 },
    /** Classes of viewers of the live stream that are rendered for themselves: all, and tokens of one user. */
    feedClasses: { total: 512, tokensPerUser: 16 },
    /** What one end of a stream has not read yet. */
    streamBacklogBytes: 4 * MIB,
  },
  grpc: { messageBytes: 4 * MIB, queueBytes: 4 * MIB },
  agent: { textBytes: KIB, disks: 64, gpus: 64, sensors: 256 },
  streams: {
    unattachedMs: 30_000,
    /** The other end of a stream attaches within this time (spec 20 section 8.4). */
    attachMs: 10_000,
    /** One end is not read while the other has so many bytes unread. */
    pauseBytes: MIB,
  },
  outbound: { answerBytes: 64 * KIB, totalMs: 30_000, connectMs: 10_000 },
  /** A part of 8 MiB goes up within this time, on 250 kbit/s. */
  backup: { uploadBytes: 64 * 1024 * MIB, outbound: { answerBytes: MIB, totalMs: 5 * 60_000, connectMs: 10_000 } },
  /** What providers answer may be larger (spec 10 section 8.3). */
  oauth2: { states: 1_000, stateMs: 5 * 60_000, outbound: { answerBytes: MIB, totalMs: 30_000, connectMs: 10_000 } },
} as const;

/** Defaults of the limits that the configuration may change. */
const changeableLimits = {
  /** Connections of one peer address that have not completed a request, an upgrade or a sign-in. */
  connectionsPerAddress: 512,
  /** The same of all addresses. */
  connectionsTotal: 8_192,
  /** Megabytes of history that may wait while VictoriaMetrics cannot be reached; past it the oldest points go. */
  historyBufferMb: 128,
  /** Rows of one kind that a member may own. */
  rowsPerMember: 1_000,
  /** Servers that register with a member's secret. */
  serversPerMember: 500,
  /** Open terminal and file sessions of one user (spec 11 section 13.4). */
  streamsPerUser: 20,
  /** Open terminal, file, tunnel and transfer streams of one server. */
  streamsPerServer: 40,
  /** Open streams in all. */
  streamsTotal: 2_000,
};

export type ChangeableLimits = Readonly<typeof changeableLimits>;

/** All limits as they hold in this process. */
export type Limits = typeof fixedLimits & { readonly changeable: ChangeableLimits };

/** Joins the fixed figures with what the configuration says about the others. */
export function limitsWith(changed: Partial<ChangeableLimits>): Limits {
  return { ...fixedLimits, changeable: { ...changeableLimits, ...changed } };
}
