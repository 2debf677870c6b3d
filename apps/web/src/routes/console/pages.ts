import { Eye, House, KeyRound, Server, Settings, Shield, Users, FolderTree } from "lucide-react";
import type { ConsolePage } from "#shell/console/pages.ts";

/** Every page of the console, in the order of the sidebar. */
export const CONSOLE_PAGES: readonly ConsolePage[] = [
  { path: "/", label: "nav.home", icon: House, section: "main", load: () => import("./home-page.tsx") },
  {
    path: "/servers",
    label: "nav.servers",
    icon: Server,
    section: "main",
    load: () => import("#features/servers/console/servers-page.tsx"),
  },
  {
    path: "/server-group",
    label: "nav.groups",
    icon: FolderTree,
    section: "main",
    load: () => import("#features/servers/console/groups-page.tsx"),
  },
  {
    path: "/settings/user",
    label: "nav.users",
    icon: Users,
    section: "access",
    adminOnly: true,
    load: () => import("#features/access/console/users-page.tsx"),
  },
  {
    path: "/settings/api-tokens",
    label: "nav.tokens",
    icon: KeyRound,
    section: "access",
    load: () => import("#features/access/console/tokens-page.tsx"),
  },
  {
    path: "/settings/online-user",
    label: "nav.online",
    icon: Eye,
    section: "access",
    adminOnly: true,
    load: () => import("#features/access/console/online-page.tsx"),
  },
  {
    path: "/settings/waf",
    label: "nav.firewall",
    icon: Shield,
    section: "access",
    adminOnly: true,
    load: () => import("#features/access/console/firewall-page.tsx"),
  },
  {
    path: "/settings",
    label: "nav.settings",
    icon: Settings,
    section: "site",
    adminOnly: true,
    load: () => import("#features/settings/console/settings-page.tsx"),
  },
  { path: "/profile", label: "nav.profile", section: "site", load: () => import("#features/access/console/profile-page.tsx") },
];
