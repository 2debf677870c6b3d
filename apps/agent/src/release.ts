import manifest from "../package.json" with { type: "json" };

/** Our own release number. */
export const RELEASE: string = manifest.version;

/**
 * Wire features that dashboards look for in the reported version: below 1.18.0 they refuse a server transfer, below 2.1.0
 * the MCP tools (spec 20 sections 6.5 and 9.2).
 */
const WIRE_VERSION = "2.3.3";

/** The version that hosts report: what we are compatible with, and who we are. */
export const REPORTED_VERSION = `${WIRE_VERSION}+windfire.${RELEASE}`;
