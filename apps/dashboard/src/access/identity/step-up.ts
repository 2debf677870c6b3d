import { LITERAL_ERRORS } from "@windfire/api";
import type { Clock } from "@windfire/kit";
import type { FactorRoom } from "#access/factors";
import type { Caller, StepUpRule } from "#kernel";
import { refuseText } from "#kernel";
import type { StepUpMode } from "#platform/config";

/** How long a proof holds for its session. */
export const PROOF_MS = 10 * 60_000;

/** Who has to prove again who they are before something that reaches far. */
export interface StepUp {
  /** Whether what has this rule is closed to the caller until then. Access tokens are never asked: their scopes say it. */
  isAsked(rule: StepUpRule, caller: Caller): boolean;
  /** @throws {AppError} when it is asked for */
  require(rule: StepUpRule, caller: Caller): void;
}

export interface StepUpDeps {
  readonly clock: Pick<Clock, "now">;
  readonly factors: Pick<FactorRoom, "has">;
  /** The setting in force. */
  readonly mode: () => StepUpMode;
}

export function createStepUp({ clock, factors, mode }: StepUpDeps): StepUp {
  const isFresh = (provenAt = 0): boolean => Math.abs(clock.now() - provenAt) < PROOF_MS;
  const applies = (userId: number): boolean => mode() === "all" || (mode() === "factor" && factors.has(userId));
  const isAsked: StepUp["isAsked"] = (rule, caller) =>
    caller.kind === "session" && (rule === "always" || applies(caller.user.id)) && !isFresh(caller.provenAt);
  return {
    isAsked,
    require(rule, caller) {
      if (isAsked(rule, caller)) throw refuseText(LITERAL_ERRORS.confirm);
    },
  };
}
