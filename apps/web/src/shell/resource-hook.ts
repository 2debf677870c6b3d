import { useSyncExternalStore } from "react";
import type { Resource, ResourceState } from "#wire/resource.ts";

export function useResource<T>(resource: Resource<T>): ResourceState<T> {
  return useSyncExternalStore(resource.subscribe, resource.state, resource.state);
}
