import { useFormats } from "#lib/formats.ts";
import { FieldRow, FormSection } from "#shell/console/editor-drawer.tsx";
import { SelectField, SwitchField, TextField } from "#ui/field.tsx";
import { changePlan, dateOf, isNever, momentOn, NEVER } from "./plan-fields.ts";
import type { PlanField, PlanFields } from "./plan-fields.ts";

interface PlanFormProps {
  readonly note: string;
  readonly fields: PlanFields;
  readonly onChange: (note: string) => void;
}

/** The words that are written; other spellings of the same stay as they are. */
const CYCLES = ["Month", "Quarter", "Half", "Year"] as const;
const FREE = "0";
const BY_USAGE = "-1";

/** Price, renewal and plan as fields. Each change is written into the note at once. */
export function PlanForm(props: PlanFormProps) {
  const { t } = useFormats();
  return (
    <>
      <FormSection title={t("planForm.price")}>
        <Price {...props} />
      </FormSection>
      <FormSection title={t("planForm.time")}>
        <Dates {...props} />
      </FormSection>
      <FormSection title={t("planForm.plan")}>
        <Contents {...props} />
      </FormSection>
    </>
  );
}

/** What a text field of the plan needs. */
function bind({ note, fields, onChange }: PlanFormProps, field: PlanField) {
  return {
    value: fields[field],
    onChange: (event: { readonly target: { readonly value: string } }) => onChange(changePlan(note, field, event.target.value)),
  };
}

function Price(props: PlanFormProps) {
  const { t } = useFormats();
  const { note, fields, onChange } = props;
  const { amount, cycle } = fields;
  const kind = amount === FREE ? "free" : amount === BY_USAGE ? "usage" : "price";
  const choose = (next: string) => onChange(changePlan(note, "amount", next === "free" ? FREE : next === "usage" ? BY_USAGE : ""));
  const known = cycle === "" || CYCLES.some((word) => word === cycle);
  return (
    <FieldRow>
      <SelectField label={t("planForm.price")} value={kind} onChange={(event) => choose(event.target.value)}>
        <option value="price">{t("planForm.amount")}</option>
        <option value="free">{t("plan.free")}</option>
        <option value="usage">{t("plan.usage")}</option>
      </SelectField>
      {kind === "price" ? <TextField label={t("planForm.amount")} placeholder="5 €" {...bind(props, "amount")} /> : null}
      <SelectField label={t("planForm.cycle")} {...bind(props, "cycle")}>
        <option value="">–</option>
        {known ? null : <option value={cycle}>{cycle}</option>}
        {CYCLES.map((word) => (
          <option key={word} value={word}>
            {t(`planForm.cycles.${word}`)}
          </option>
        ))}
      </SelectField>
    </FieldRow>
  );
}

function Dates({ note, fields, onChange }: PlanFormProps) {
  const { t, time } = useFormats();
  const { startDate, endDate, autoRenewal } = fields;
  const never = isNever(endDate);
  const setDate = (field: "startDate" | "endDate", date: string) =>
    onChange(changePlan(note, field, date === "" ? "" : momentOn(date, fields[field], time.wall)));
  return (
    <>
      <FieldRow>
        <TextField
          label={t("windows.from")}
          type="date"
          value={dateOf(startDate, time.wall)}
          onChange={(event) => setDate("startDate", event.target.value)}
        />
        {never ? null : (
          <TextField
            label={t("planForm.until")}
            type="date"
            value={dateOf(endDate, time.wall)}
            onChange={(event) => setDate("endDate", event.target.value)}
          />
        )}
      </FieldRow>
      <SwitchField
        label={t("plan.never")}
        checked={never}
        onChange={(checked) => onChange(changePlan(note, "endDate", checked ? NEVER : ""))}
      />
      {never ? null : (
        <SwitchField
          label={t("planForm.renews")}
          help={t("planForm.renewsHelp")}
          checked={autoRenewal === "1"}
          onChange={(checked) => onChange(changePlan(note, "autoRenewal", checked ? "1" : ""))}
        />
      )}
    </>
  );
}

function Contents(props: PlanFormProps) {
  const { t } = useFormats();
  const { note, fields, onChange } = props;
  return (
    <>
      <FieldRow>
        <TextField label={t("planForm.bandwidth")} placeholder="1 Gbit/s" {...bind(props, "bandwidth")} />
        <TextField label={t("planForm.traffic")} placeholder="2 TB" {...bind(props, "trafficVol")} />
        <SelectField label={t("planForm.counted")} {...bind(props, "trafficType")}>
          <option value="">–</option>
          <option value="1">{t("planForm.inbound")}</option>
          <option value="2">{t("planForm.both")}</option>
        </SelectField>
      </FieldRow>
      <div className="flex flex-wrap gap-6">
        {(["IPv4", "IPv6"] as const).map((version) => (
          <SwitchField
            key={version}
            label={version}
            checked={fields[version] === "1"}
            onChange={(checked) => onChange(changePlan(note, version, checked ? "1" : "0"))}
          />
        ))}
      </div>
      <TextField label={t("planForm.route")} help={t("planForm.listHelp")} {...bind(props, "networkRoute")} />
      <TextField label={t("planForm.extra")} help={t("planForm.listHelp")} {...bind(props, "extra")} />
    </>
  );
}
