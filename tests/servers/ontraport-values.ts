import type { OntraportRoute } from '../../api/ontraport/route';
import type { OneOfEach } from './one-of-each';

/** Parameters that can hold nothing of an account: how much is asked for, what things are to be, what is left out. */
export const NAMES_NOTHING: ReadonlySet<string> = new Set(
  `start range sort sortDir searchNotes group_id group_ids performAll externs listFields count format all section page
  objectID object_type_id ignore_blanks fields sub_type data url chargeNow external_order_id trans_date newtime message
  type subject message_body plaintext`.split(/\s+/),
);

const RECORDS = '(objects|Contacts|Deals|Companies|Products|Tasks)';
/** Parameters without which a route does nothing, though each of them may be left out. */
const ALSO_NEEDED: readonly [RegExp, readonly string[]][] = [
  [new RegExp(`^get /${RECORDS}/tag$`), ['tag_id']],
  [new RegExp(`^put /${RECORDS}$`), ['id']],
  [new RegExp(`^delete /(${RECORDS}|Rules)$`), ['ids']],
  [/^delete .*fieldeditor$/, ['field']],
  [/^post .task.assign$/, ['message']],
  [/^post .(message|Messages)$/, ['subject', 'plaintext']],
  [/^put .transaction/, ['ids']],
];

/** Whether a route does nothing without a parameter. */
export const isNeeded = ({ method, path, parameters }: OntraportRoute, name: string): boolean =>
  parameters.shape[name]?.safeParse(undefined).success === false ||
  ALSO_NEEDED.some(([routes, names]) => names.includes(name) && routes.test(`${method} ${path}`));

const TRANSACTION = 46;
const TASK = 1;
const RULE = 6;

/** The decimal id of what a route is about. */
function subjectOf({ path, preset }: OntraportRoute, of: OneOfEach): string {
  if (/pause$|^\/Rules?\b/.test(path)) return of.rule;
  if (/^\/CampaignBuilderItems?\b/.test(path)) return of.map;
  if (/^\/(Tags?)\b/.test(path)) return of.tag;
  if (path.startsWith('/TagSubscribers')) return `${of.records[0]?.id}-${of.tag}`;
  if (/^\/[Ff]orms?\b/.test(path)) return of.form;
  if (/^\/[Mm]essages?\b/.test(path)) return of.message;
  if (/^\/WebhookLogs?\b/.test(path)) return of.delivery;
  if (/^\/Webhooks?\b/.test(path)) return of.subscription;
  if (/^\/transaction\/(writeOff|markPaid)/.test(path)) return of.unpaid;
  return (of.records[typeOf({ path, preset })] as { id: string }).id;
}

function typeOf({ path, preset }: Pick<OntraportRoute, 'path' | 'preset'>): number {
  if (path.startsWith('/transaction/') && !path.endsWith('processManual')) return TRANSACTION;
  if (path.startsWith('/task/') && !path.endsWith('assign')) return TASK;
  return Number(preset.objectID ?? 0);
}

const equal = (field: string, value: string): string =>
  JSON.stringify([{ field: { field }, op: '=', value: { value } }]);

/** Everything that strings of rules can name, in each of their three parts. */
const stringsOf = ({ tag, form, map, webhook, message, records }: OneOfEach) => ({
  events: [
    `Contact_added_to_category(${tag})`,
    `Contact_removed_from_category(${tag})`,
    `object_submits_form(${form},0)`,
    `Contact_purchases_product(${records[16]?.id})`,
    `campaign_builder_object_change(0,${map})`,
    `pause_campaign(${map})`,
  ],
  conditions: [
    `Is_in_category(${tag})`,
    `Is_not_in_category(${tag})`,
    `Has_purchased_condition_n_product(Equal To,1,${records[16]?.id})`,
    `paused_or_active_on_camp(1,${map})`,
    `been_on_campaignbuilder_for_timeframe(${map},1,0)`,
  ],
  actions: [
    `Add_contact_to_category(${tag})`,
    `Remove_contact_from_category(${tag})`,
    `campaign_builder_action_change(0,${map})`,
    `campaign_builder_action_change(1,${map})`,
    `pause_or_unpause_on_camp(1,${map})`,
    `Ping_APIURL(${webhook})`,
    `Send_contact_an_emailmbs(${message})`,
  ],
});

/**
 * Values of an account for what a route takes, by parameter: the first is enough for the call, each of them names
 * something else.
 */
export function valuesFor(route: OntraportRoute, of: OneOfEach): Record<string, readonly unknown[]> {
  const { path } = route;
  const subject = subjectOf(route, of);
  const type = typeOf(route);
  const record = of.records[type] as Record<string, string>;
  const word = (of.records[0] as unknown as { firstname: string }).firstname;
  const listed = path.endsWith('/subscribe') ? of.map : of.tag;
  const isSubscriber = path.startsWith('/TagSubscribers');
  const product = of.records[16]?.id;
  return {
    objectID: [/pause$/.test(path) ? RULE : type],
    object_type_id: ['0'],
    id: [subject],
    ids: [subject],
    unique_id: [record.unique_id],
    condition: isSubscriber
      ? [equal('object_id', record.id ?? ''), equal('tag_id', of.tag)]
      : [equal('id', subject), ...(type === 0 && /^\/(objects|Contacts)/.test(path) ? [equal('firstname', word)] : [])],
    // Subscriptions have no name but their URL, and subscribers of tags no text at all.
    search: isSubscriber ? [] : [path.startsWith('/Webhooks') ? word.replace(' ', '-') : word],
    tag_id: [of.tag],
    tag_name: [route.method === 'post' ? 'Another tag' : `${word} tag`],
    add_names: [`${word} tag`],
    remove_names: [`${word} tag`],
    add_list: [listed],
    remove_list: [listed],
    email: [(of.records[0] as unknown as { email: string }).email],
    name: [/Form/.test(path) ? `${word} form` : `${word} rule`],
    field: ['firstname'],
    contact_id: [of.records[0]?.id],
    offer: [{ products: [{ id: product, price: 5 }] }],
    event: [
      `sub_tag(${of.tag})`,
      `unsub_tag(${of.tag})`,
      `object_submits_form(${of.form})`,
      `purchase_product(${product})`,
      `transaction_created_with_product(${product})`,
      `map_added(${of.map})`,
      `goal_reached(${of.map})`,
      `inbound_received(${of.inbound})`,
    ],
    ...stringsOf(of),
    fields: [[[{ alias: 'Email', type: 'text' }]]],
    sub_type: ['Campaign'],
    url: ['https://example.com/hook'],
    chargeNow: ['chargeLog'],
    newtime: ['1767225600'],
    message: [{ subject: 'Call back' }],
    subject: ['Hello'],
    plaintext: ['Hello'],
  };
}
