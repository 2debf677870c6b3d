import { createHash } from "node:crypto";
import { fail, succeed } from "../config/model.ts";
import type { Outcome } from "../config/model.ts";
import { faultText } from "../fault.ts";
import { unpackFiles } from "./bundle.ts";
import { MAX_BUNDLE_BYTES, MAX_MANIFEST_BYTES, readManifest } from "./manifest.ts";
import type { Release } from "./manifest.ts";
import { beginTrial, readState, storeVersion } from "./program-folder.ts";
import { isNewer } from "./versions.ts";

/** Where updates come from, as the host's own file says. */
export interface UpdateSource {
  /** Address of the manifest; the bundle lies beside it. */
  readonly manifest: string;
  /** Ed25519 public key, 32 bytes in base64. */
  readonly key: string;
}

/** The body of a page of at most so many bytes. @throws Error that says why there is none */
export type Download = (url: string, maxBytes: number) => Promise<Uint8Array>;

export interface UpdateDeps {
  /** Folder of an installed agent. */
  readonly root: string;
  readonly source: UpdateSource;
  readonly download: Download;
  /** Also takes versions that are older, or failed before. Only the host can ask for it. */
  readonly force: boolean;
}

/** What became of it: the version that is on trial from the next start on, undefined when there is nothing new. */
export async function update(deps: UpdateDeps): Promise<Outcome<string | undefined>> {
  try {
    const text = Buffer.from(await deps.download(deps.source.manifest, MAX_MANIFEST_BYTES)).toString("utf8");
    const release = readManifest(text, deps.source.key);
    if (!release.ok) return release;
    const { version } = release.value;
    const { current, refused = [], trial } = readState(deps.root);
    if (trial !== undefined) return fail("the version that runs is on trial itself");
    // It would be taken apart while it runs, and be its own way back.
    if (version === current && deps.force) return fail(`version ${version} is the one that runs`);
    if (!deps.force && (!isNewer(version, current) || refused.includes(version))) return succeed(undefined);
    const bundle = await deps.download(new URL(release.value.file, deps.source.manifest).href, MAX_BUNDLE_BYTES);
    const fault = bundleFault(bundle, release.value);
    if (fault !== undefined) return fail(fault);
    storeVersion(deps.root, version, unpackFiles(bundle));
    beginTrial(deps.root, version);
    return succeed(version);
  } catch (error) {
    return fail(faultText(error));
  }
}

function bundleFault(bundle: Uint8Array, { size, sha256 }: Release): string | undefined {
  if (bundle.length !== size) return "the bundle has not the size that was signed";
  return createHash("sha256").update(bundle).digest("hex") === sha256 ? undefined : "the bundle has not the hash that was signed";
}
