import { X } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { FieldRow } from "#shell/console/editor-drawer.tsx";
import { IconButton } from "#ui/button.tsx";
import { DateTimeField } from "#ui/date-time-field.tsx";
import { SelectField, TextField } from "#ui/field.tsx";
import { GROUPS, isCycle, isForecast, isKnown, measureOf, unitsOf, usualUnit } from "./alert-types.ts";
import { BOUNDS, checksOf, CYCLE_UNITS, TIME_UNITS } from "./condition-draft.ts";
import type { Bound, ConditionDraft, ConditionErrors, TimeUnit } from "./condition-draft.ts";

interface ConditionProps {
  readonly draft: ConditionDraft;
  readonly errors: ConditionErrors;
  readonly onChange: (change: Partial<ConditionDraft>) => void;
  readonly onRemove: (() => void) | undefined;
}

/** One condition: what, beyond which limit, for how long or in which period. */
export function ConditionFields({ draft, errors, onChange, onRemove }: ConditionProps) {
  const { t } = useFormats();
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-2 rounded-control border border-line p-4">
      <div className="grid min-w-0 gap-4">
        <TypeSelect draft={draft} onChange={onChange} />
        {draft.type === "offline" || !isKnown(draft.type) ? null : <Limits draft={draft} errors={errors} onChange={onChange} />}
        {isKnown(draft.type) ? (
          isCycle(draft.type) ? (
            <Period draft={draft} errors={errors} onChange={onChange} />
          ) : (
            <Duration draft={draft} errors={errors} onChange={onChange} />
          )
        ) : null}
      </div>
      {onRemove === undefined ? (
        <span />
      ) : (
        <IconButton label={t("alerts.removeCondition")} onClick={onRemove}>
          <X className="size-4" aria-hidden="true" />
        </IconButton>
      )}
    </div>
  );
}

type PartProps = Omit<ConditionProps, "onRemove">;

function TypeSelect({ draft, onChange }: Pick<PartProps, "draft" | "onChange">) {
  const { t, number } = useFormats();
  const choose = (type: string) => {
    const sameMeasure = measureOf(type) === measureOf(draft.type);
    const bound: Partial<ConditionDraft> = isForecast(type) ? { bound: "above" } : {};
    onChange(
      sameMeasure ? { type, ...bound } : { type, ...bound, factor: usualUnit(measureOf(type), number.byteStep), lower: "", upper: "" },
    );
  };
  return (
    <SelectField label={t("alerts.value")} value={draft.type} onChange={(event) => choose(event.target.value)}>
      {isKnown(draft.type) ? null : <option value={draft.type}>{t("alerts.unknownType", { type: draft.type })}</option>}
      {draft.type === "gpu" ? <option value="gpu">{t("alerts.types.gpu")}</option> : null}
      {Object.entries(GROUPS).map(([group, types]) => (
        <optgroup key={group} label={t(`alerts.groups.${group}`)}>
          {types.map((type) => (
            <option key={type} value={type}>
              {t(`alerts.types.${type}`)}
            </option>
          ))}
        </optgroup>
      ))}
    </SelectField>
  );
}

function Limits({ draft, errors, onChange }: PartProps) {
  const { t } = useFormats();
  const units = unitsOf(measureOf(draft.type));
  const unit = units.find(({ factor }) => factor === draft.factor)?.name ?? "";
  const error = (key: string | undefined) => (key === undefined ? undefined : t(key));
  return (
    <FieldRow>
      <SelectField label={t("alerts.is")} value={draft.bound} onChange={(event) => onChange({ bound: event.target.value as Bound })}>
        {BOUNDS.filter((bound) => bound === "above" || !isForecast(draft.type)).map((bound) => (
          <option key={bound} value={bound}>
            {t(`alerts.${bound}`)}
          </option>
        ))}
      </SelectField>
      {draft.bound === "above" ? null : (
        <TextField
          label={draft.bound === "below" ? t("alerts.limit") : t("alerts.lower")}
          {...(units.length === 1 && unit !== "" ? { aside: unit } : {})}
          inputMode="decimal"
          value={draft.lower}
          error={error(errors.lower)}
          onChange={(event) => onChange({ lower: event.target.value })}
        />
      )}
      {draft.bound === "below" ? null : (
        <TextField
          label={draft.bound === "above" ? t("alerts.limit") : t("alerts.upper")}
          {...(units.length === 1 && unit !== "" ? { aside: unit } : {})}
          inputMode="decimal"
          value={draft.upper}
          error={error(errors.upper)}
          onChange={(event) => onChange({ upper: event.target.value })}
        />
      )}
      {units.length === 1 ? null : (
        <SelectField
          label={t("alerts.unit")}
          value={String(draft.factor)}
          onChange={(event) => onChange({ factor: Number(event.target.value) })}
        >
          {units.map(({ name, factor }) => (
            <option key={name} value={factor}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
    </FieldRow>
  );
}

function Duration({ draft, errors, onChange }: PartProps) {
  const { t, number } = useFormats();
  const help = draft.type === "offline" ? t("alerts.offlineChecks") : t("alerts.checks", { checks: number.count(checksOf(draft) || 0) });
  return (
    <FieldRow>
      <TextField
        label={t("alerts.for")}
        help={help}
        error={errors.time === undefined ? undefined : t(errors.time)}
        inputMode="decimal"
        value={draft.time}
        onChange={(event) => onChange({ time: event.target.value })}
      />
      <SelectField
        label={t("alerts.timeUnit")}
        value={draft.timeUnit}
        onChange={(event) => onChange({ timeUnit: event.target.value as TimeUnit })}
      >
        {Object.keys(TIME_UNITS).map((unit) => (
          <option key={unit} value={unit}>
            {t(`alerts.units.${unit}`)}
          </option>
        ))}
      </SelectField>
    </FieldRow>
  );
}

function Period({ draft, errors, onChange }: PartProps) {
  const { t } = useFormats();
  return (
    <>
      <FieldRow>
        <TextField
          label={t("alerts.every")}
          error={errors.interval === undefined ? undefined : t(errors.interval)}
          inputMode="numeric"
          value={draft.interval}
          onChange={(event) => onChange({ interval: event.target.value })}
        />
        <SelectField label={t("alerts.timeUnit")} value={draft.cycleUnit} onChange={(event) => onChange({ cycleUnit: event.target.value })}>
          {CYCLE_UNITS.map((unit) => (
            <option key={unit} value={unit}>
              {t(`alerts.units.${unit}`)}
            </option>
          ))}
        </SelectField>
      </FieldRow>
      <DateTimeField
        label={t("alerts.from")}
        help={t("alerts.fromHelp")}
        error={errors.start === undefined ? undefined : t(errors.start)}
        value={draft.start}
        onChange={(event) => onChange({ start: event.target.value })}
      />
    </>
  );
}
