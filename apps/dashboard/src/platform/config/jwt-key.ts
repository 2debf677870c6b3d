const KEY_LENGTH = 1024;
/** Keys from before this release may have leaked (spec 41 section 6). */
const ROTATED_SINCE = [2, 0, 13] as const;

/** What the configuration says about the signing key, and the release that counts. */
export interface JwtKeyState {
  readonly fromEnvironment: string;
  readonly fromFile: string;
  /** Release at which the key was last renewed. */
  readonly marker: string;
  /** Running release as clients of the reference would see it. */
  readonly version: string;
}

/** The key to use, and what has to be written to the file. */
export interface JwtKeyPlan {
  readonly key: string;
  readonly marker: string;
  readonly changes: Readonly<Record<string, string>>;
}

/** Decides which key signs sessions: given, kept, renewed or made (spec 41 section 6). `randomText` is over `0-9A-Za-z`. */
export function planJwtKey(state: JwtKeyState, randomText: (length: number) => string): JwtKeyPlan {
  const { fromEnvironment, fromFile, marker, version } = state;
  if (fromEnvironment !== "") return { key: fromEnvironment, marker, changes: {} };
  const isRelease = reached(version);
  const mustRenew = isRelease && !reached(marker);
  const key = fromFile === "" || mustRenew ? randomText(KEY_LENGTH) : fromFile;
  const nextMarker = isRelease ? version.replace(/^v/, "") : marker;
  return {
    key,
    marker: nextMarker,
    changes: {
      ...(key === fromFile ? {} : { jwt_secret_key: key }),
      ...(nextMarker === marker ? {} : { jwt_secret_key_last_rotated_version: nextMarker }),
    },
  };
}

/** Whether a release number is 2.0.13 or later; texts that are no release number are not. */
function reached(version: string): boolean {
  const match = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(version);
  if (match === null) return false;
  for (const [index, least] of ROTATED_SINCE.entries()) {
    const part = Number(match[index + 1]);
    if (part !== least) return part > least;
  }
  return true;
}
