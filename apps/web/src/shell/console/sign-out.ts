import type { SignedOut } from "@windfire/api";
import type { ApiClient } from "#wire/api-client.ts";

/** Ends the session at the dashboard, and goes on at the provider through whom it began where that offers it; forgets everything this page knew, and shows the sign-in. */
export async function signOut(api: ApiClient): Promise<void> {
  const further = await api.post<SignedOut>("/logout");
  location.assign(further?.redirect ?? `${import.meta.env.BASE_URL}login`);
}
