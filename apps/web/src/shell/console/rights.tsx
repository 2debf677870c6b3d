import type { Profile } from "@windfire/api";
import type { ReactNode } from "react";
import { useProfile } from "./queries.ts";

/** What an account may be needed for: to change something, or to run the installation. */
export type Need = "change" | "administer";

const ADMIN = 0;

/** Whether an account is enough, by what the dashboard says of it; before it has said anything, nothing is. */
export function mayDo(profile: Pick<Profile, "role" | "access"> | undefined, need: Need | undefined): boolean {
  if (need === undefined) return true;
  if (profile === undefined) return false;
  return need === "administer" ? profile.role === ADMIN : profile.access !== "viewer";
}

/** Whether whoever is signed in may do what needs it. */
export function useMay(need: Need | undefined): boolean {
  return mayDo(useProfile(), need);
}

/** What changes something: not there for those who only read, whose every change the dashboard refuses. */
export function Changing({ children }: { readonly children: ReactNode }) {
  return useMay("change") ? children : null;
}
