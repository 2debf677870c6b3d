import type { Profile, ServerGroup, ServicesOverview, SettingView } from "@windfire/api";
import { createContext, use } from "react";
import type { ApiClient } from "#wire/api-client.ts";
import { isSignedOut } from "#wire/api-error.ts";
import type { EmbeddedData } from "#wire/embedded.ts";
import type { Timers } from "#wire/live-socket.ts";
import { createResource } from "#wire/resource.ts";
import type { Resource } from "#wire/resource.ts";
import { useResource } from "./resource-hook.ts";

const PROFILE_MS = 60_000;
const SERVICES_MS = 30_000;

/** The four calls of the public half. */
export interface PublicData {
  readonly setting: Resource<SettingView>;
  /** `null`: a guest. */
  readonly profile: Resource<Profile | null>;
  readonly groups: Resource<readonly ServerGroup[]>;
  readonly services: Resource<ServicesOverview>;
}

export function createPublicData({ api, timers, embedded }: { api: ApiClient; timers: Timers; embedded: EmbeddedData }): PublicData {
  const loadProfile = async () => {
    try {
      return await api.get<Profile>("/profile");
    } catch (error) {
      if (isSignedOut(error)) return null;
      throw error;
    }
  };
  return {
    setting: createResource({ load: () => api.get<SettingView>("/setting"), timers, initial: embedded.setting }),
    profile: createResource({ load: loadProfile, timers, everyMs: PROFILE_MS, initial: embedded.profile }),
    groups: createResource({
      load: async () => (await api.get<ServerGroup[] | null>("/server-group")) ?? [],
      timers,
      initial: embedded.groups,
    }),
    services: createResource({
      load: () => api.get<ServicesOverview>("/service"),
      timers,
      everyMs: SERVICES_MS,
      initial: embedded.services,
    }),
  };
}

export interface PublicSite extends PublicData {
  readonly siteLogo: string | undefined;
  readonly siteLinks: readonly { readonly name: string; readonly link: string }[];
  readonly siteDescription: string | undefined;
}

export const PublicSiteContext = createContext<PublicSite | undefined>(undefined);

export function usePublicSite(): PublicSite {
  const site = use(PublicSiteContext);
  if (site === undefined) throw new Error("PublicSiteContext is missing");
  return site;
}

/** Whether somebody is signed in; false until that is told. */
export function useSignedIn(): boolean {
  const { data } = useResource(usePublicSite().profile);
  return data !== undefined && data !== null;
}
