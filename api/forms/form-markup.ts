import { escapeHtml } from '../../domain/escape-html';
import type { Field, FieldType } from '../../schemas/field';
import { FORM_EXTRAS, type FormField, type StoredForm } from '../../schemas/form';
import type { Problem } from '../../schemas/problem';

/** What the markup of a form is made of. */
export interface FormMarkup {
  form: StoredForm;
  /** Those of its object type */
  fields: readonly Field[];
  /** Where it is posted to */
  action: string;
  /** What was typed before, by field id */
  typed?: Readonly<Record<string, unknown>>;
  /** Path: the field's id */
  problems?: readonly Problem[];
  submission?: string;
  /** Tells which form is posted, where its address does not */
  uid?: string;
  /** "49.00 USD", of an order form */
  price?: string | null;
}

const INPUT_TYPES: Partial<Record<FieldType, string>> = {
  email: 'email',
  phone: 'tel',
  sms: 'tel',
  url: 'url',
  fulldate: 'date',
};

/** Autocomplete words of the built-in fields, so that browsers can fill them in. */
const AUTOCOMPLETE: Record<string, string> = {
  firstname: 'given-name',
  lastname: 'family-name',
  email: 'email',
  sms_number: 'tel',
  home_phone: 'tel',
  company: 'organization',
  address: 'address-line1',
  address2: 'address-line2',
  city: 'address-level2',
  state: 'address-level1',
  zip: 'postal-code',
  country: 'country-name',
};

/** The form as plain HTML, every text escaped: a label for each control, problems beside what they are about. */
export function renderForm(markup: FormMarkup): string {
  const { form, fields, submission, price, uid } = markup;
  const { trap } = FORM_EXTRAS;
  const controls = form.settings.fields
    .filter(({ isHidden }) => !isHidden)
    .flatMap((asked) => {
      const field = fields.find(({ id }) => id === asked.fieldId);
      return field ? [renderControl(markup, asked, field)] : [];
    });
  const trapStyle = 'position:absolute;left:-9999px';
  return [
    `<form method="post" action="${escapeHtml(markup.action)}" accept-charset="utf-8">`,
    ...(uid ? [`<input type="hidden" name="${FORM_EXTRAS.uid}" value="${escapeHtml(uid)}">`] : []),
    ...controls,
    ...(price ? [renderCard(markup, price)] : []),
    `<p style="${trapStyle}" aria-hidden="true"><label>Leave this empty <input name="${trap}" tabindex="-1" autocomplete="off"></label></p>`,
    ...(submission ? [`<input type="hidden" name="${FORM_EXTRAS.submission}" value="${escapeHtml(submission)}">`] : []),
    `<p><button type="submit">${price ? `Pay ${escapeHtml(price)}` : 'Send'}</button></p>`,
    '</form>',
  ].join('\n');
}

function renderControl(markup: FormMarkup, asked: FormField, field: Field): string {
  const { fieldId: id, isRequired } = asked;
  const name = `name="${id}" id="${id}"`;
  const required = isRequired ? ' required' : '';
  const { note, described } = noteOf(markup, id);
  const typed = markup.typed && Object.hasOwn(markup.typed, id) ? markup.typed[id] : markup.typed ? '' : asked.value;
  const values = [typed ?? ''].flat().map(String);
  const value = escapeHtml(values.at(-1) ?? '');
  const label = `<label for="${id}">${escapeHtml(asked.label ?? field.label)}${isRequired ? ' (required)' : ''}</label>`;
  const options = (field.options ?? []).map((option) => {
    const text = escapeHtml(option);
    return `<option value="${text}"${values.includes(option) ? ' selected' : ''}>${text}</option>`;
  });
  if (field.type === 'check') {
    const checked = ['1', 'true', 'yes'].includes(value.toLowerCase()) ? ' checked' : '';
    return `<p><input type="hidden" name="${id}" value="0"><input type="checkbox" ${name} value="1"${checked}${required}${described}> ${label}${note}</p>`;
  }
  if (field.type === 'longtext')
    return `<p>${label}<textarea ${name} rows="5"${required}${described}>\n${value}</textarea>${note}</p>`;
  if (field.type === 'drop' && field.options)
    return `<p>${label}<select ${name}${required}${described}><option value=""></option>${options.join('')}</select>${note}</p>`;
  if (field.type === 'list' && field.options)
    return `<p>${label}<select ${name} multiple${required}${described}>${options.join('')}</select>${note}</p>`;
  const isNumber = field.type === 'numeric' || field.type === 'price';
  const type = isNumber ? 'type="text" inputmode="decimal"' : `type="${INPUT_TYPES[field.type] ?? 'text'}"`;
  const fill = AUTOCOMPLETE[id] === undefined ? '' : ` autocomplete="${AUTOCOMPLETE[id]}"`;
  const shown = field.type === 'fulldate' ? value.slice(0, 10) : value;
  return `<p>${label}<input ${type} ${name} value="${shown}"${fill}${required}${described}>${note}</p>`;
}

/** A card's number is never written back into the page. */
function renderCard(markup: FormMarkup, price: string): string {
  const { card } = FORM_EXTRAS;
  const { note, described } = noteOf(markup, card);
  return [
    `<p>Price: ${escapeHtml(price)}</p>`,
    `<p><label for="${card}">Card number (required)</label><input type="text" inputmode="numeric" name="${card}" id="${card}" autocomplete="cc-number" required${described}>${note}</p>`,
  ].join('\n');
}

/** What is wrong with one control, tied to it for screen readers. */
function noteOf(markup: FormMarkup, id: string): { note: string; described: string } {
  const problem = markup.problems?.find(({ path }) => path === id);
  if (!problem) return { note: '', described: '' };
  return {
    note: `<span class="problem" id="${id}-problem">This ${escapeHtml(problem.message)}.</span>`,
    described: ` aria-invalid="true" aria-describedby="${id}-problem"`,
  };
}
