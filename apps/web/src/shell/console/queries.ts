import type {
  AlertRule,
  ApiToken,
  Cron,
  DdnsProfile,
  Enrolment,
  EnrolmentCode,
  MaintenanceWindow,
  NatProfile,
  Notification,
  NotificationChannel,
  NotificationGroup,
  NotificationKind,
  PageTemplate,
  Profile,
  Report,
  Server,
  ServerGroup,
  Service,
  ShareLink,
  SettingView,
  Snooze,
  StatusPage,
  Transfer,
  User,
} from "@windfire/api";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ApiClient, Query } from "#wire/api-client.ts";
import { isHistoryAway, rereadAfter } from "#wire/history-away.ts";
import { useApp } from "../app-context.tsx";

const FRESH_MS = 10_000;

/** Options of a read: its path is its name in the cache. */
export function read<T>(api: ApiClient, path: string, query?: Query) {
  return queryOptions({
    queryKey: query === undefined ? [path] : [path, query],
    queryFn: ({ signal }) => api.get<T>(path, { signal, ...(query === undefined ? {} : { query }) }),
    staleTime: FRESH_MS,
    retry: false,
  });
}

interface ReadOptions {
  readonly everyMs?: number;
  /** False: not asked, such as what the reader may not see. */
  readonly enabled?: boolean;
}

/** For `refetchInterval`: what the history holds is read again soon while that is away, everything else when it is due or not at all. */
export const rereadEvery =
  (everyMs?: number) =>
  ({ state }: { readonly state: { readonly error: Error | null } }): number | false =>
    everyMs === undefined && !isHistoryAway(state.error) ? false : rereadAfter(state.error, everyMs ?? Number.POSITIVE_INFINITY);

/** Reads a route. The last good answer stays while a newer one is fetched or refused. */
export function useRead<T>(path: string, query?: Query, options: ReadOptions = {}): UseQueryResult<T> {
  const { everyMs, enabled = true } = options;
  return useQuery({ ...read<T>(useApp().api, path, query), enabled, refetchInterval: rereadEvery(everyMs) });
}

/** Routes that answer a list, and of what. A new feature adds its own. */
export interface ListRoutes {
  "/server": Server;
  "/enrolment": Enrolment;
  "/enrolment-code": EnrolmentCode;
  "/snooze": Snooze;
  "/report": Report;
  "/status-page": StatusPage;
  "/page-template": PageTemplate;
  "/maintenance-window": MaintenanceWindow;
  "/server-group": ServerGroup;
  "/notification-group": NotificationGroup;
  "/api-tokens": ApiToken;
  "/share-link": ShareLink;
  "/user": User;
  "/service/list": Service;
  "/notification": Notification;
  "/notification-channel": NotificationChannel;
  "/notification-kind": NotificationKind;
  "/alert-rule": AlertRule;
  "/cron": Cron;
  "/ddns": DdnsProfile;
  "/ddns/providers": string;
  "/nat": NatProfile;
  "/transfer": Transfer;
}

export interface ListRead<T> {
  readonly rows: readonly T[];
  readonly loading: boolean;
  readonly error: Error | null;
}

const NONE: readonly never[] = [];

/** A list of a route: no answer and no rows are both `[]`. */
export function useList<P extends keyof ListRoutes>(path: P): ListRead<ListRoutes[P]> {
  const { data, isPending, error } = useRead<ListRoutes[P][] | null>(path);
  return { rows: data ?? NONE, loading: isPending, error };
}

/** A change: calls the API, then everything under `stale` is read anew. Errors are the caller's to show. */
export function useWrite<V, R = unknown>(call: (api: ApiClient, value: V) => Promise<R>, stale: readonly string[]) {
  const { api } = useApp();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (value: V) => call(api, value),
    onSuccess: () => Promise.all(stale.map((path) => client.invalidateQueries({ queryKey: [path] }))),
  });
}

/** Who is signed in. Inside the shell there always is somebody. */
export function useProfile(): Profile | undefined {
  return useRead<Profile>("/profile").data;
}

export function useIsAdmin(): boolean {
  return useProfile()?.role === 0;
}

/** Names of users by id. Members only know themselves and the owners of what they see. */
export function useUserNames(): ReadonlyMap<number, string> {
  const admin = useIsAdmin();
  const profile = useProfile();
  const { data } = useQuery({ ...read<User[] | null>(useApp().api, "/user"), enabled: admin });
  const known = new Map((data ?? []).map((user) => [user.id, user.username]));
  return profile === undefined ? known : known.set(profile.id, profile.username);
}

export const useSetting = () => useRead<SettingView>("/setting").data;
export const useServerRows = () => useList("/server");
export const useServerGroups = () => useList("/server-group");
