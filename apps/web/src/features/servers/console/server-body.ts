import type { Server, ServerPatchInput } from "@windfire/api";

/** A save replaces all editable fields (spec 11 section 1.3): what is not changed goes along as it is. */
export function serverBody(server: Server, change: Partial<ServerPatchInput>): ServerPatchInput {
  return {
    name: server.name,
    note: server.note ?? "",
    public_note: server.public_note ?? "",
    display_index: server.display_index,
    hide_for_guest: server.hide_for_guest ?? false,
    enable_ddns: server.enable_ddns ?? false,
    ddns_profiles: server.ddns_profiles ?? [],
    override_ddns_domains: server.override_ddns_domains ?? {},
    ...change,
  };
}
