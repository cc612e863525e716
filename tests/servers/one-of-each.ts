import type { RecordId, WebhookId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { insertDelivery } from '../../store/deliveries';
import { findNumbers } from '../../store/numbers';
import { triggerToEnd } from './draw';
import type { ApiCaller, TestApi } from './open-test-api';
import { loggedAttempt, mapSource, storedDelivery } from './stored';

/** One thing of each kind that the API under /1 can name, by decimal ids. */
export interface OneOfEach {
  /** Records by object type */
  records: Record<number, { id: string; unique_id: string }>;
  /** A transaction that was not paid */
  unpaid: string;
  tag: string;
  map: string;
  rule: string;
  form: string;
  message: string;
  subscription: string;
  webhook: string;
  inbound: string;
  /** The only kind that is named by its long id */
  delivery: string;
}

const [CONTACT, TASK, PRODUCT, PURCHASE, TRANSACTION, DEAL, COMPANY] = [0, 1, 16, 17, 46, 149, 150];

/**
 * Makes one thing of each kind, or again what was used up of them.
 *
 * @param word begins all names and is in all texts, so that an answer that shows any of them is found out
 */
export function openMaker(api: TestApi, by: ApiCaller, word: string) {
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await by.call(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
    return answer.body;
  };
  const data = async (method: string, path: string, body?: unknown) => (await call(method, `/1${path}`, body)).data;
  const latest = async (several: string) => (await data('GET', `/${several}?sort=id&sortDir=desc&range=1`))[0];
  const url = `https://${word.replace(' ', '-')}.example.com`.toLowerCase();
  const email = `${word.replace(' ', '.')}@example.com`.toLowerCase();

  const make = {
    contact: () => data('POST', '/Contacts', { firstname: word, email }),
    record: (objectID: number, more: object = {}) =>
      data('POST', '/objects', { objectID, name: `${word} it`, ...more }),
    async task({ records }: Pick<OneOfEach, 'records'>) {
      const assigned = { object_type_id: 0, ids: records[CONTACT]?.id, message: { subject: `${word} task` } };
      return data('GET', `/Task?id=${(await data('POST', '/task/assign', assigned)).ids[0]}`);
    },
    async sale({ records }: Pick<OneOfEach, 'records'>) {
      const contact_id = records[CONTACT]?.id;
      const sold = {
        contact_id,
        chargeNow: 'chargeLog',
        offer: { products: [{ id: records[PRODUCT]?.id, price: 5 }] },
      };
      const { invoice_id } = await data('POST', '/transaction/processManual', sold);
      const open = { objectID: TRANSACTION, contact_id, contact_name: word, status: 'declined', total: 9 };
      return {
        paid: await data('GET', `/Transaction?id=${invoice_id}`),
        purchase: await latest('Purchases'),
        unpaid: (await data('POST', '/objects', open)).id as string,
      };
    },
    rule: async ({ tag }: Pick<OneOfEach, 'tag'>): Promise<string> =>
      (
        await data('POST', '/Rules', {
          name: `${word} rule`,
          object_type_id: 0,
          events: `Contact_added_to_category(${tag})`,
          actions: `Remove_contact_from_category(${tag})`,
        })
      ).id,
    subscription: async ({ tag }: Pick<OneOfEach, 'tag'>): Promise<string> =>
      (await data('POST', '/Webhook/subscribe', { url, event: `sub_tag(${tag})` })).id,
    tag: ({ records, tag }: Pick<OneOfEach, 'records' | 'tag'>) =>
      data('PUT', '/objects/tag', { objectID: 0, ids: records[CONTACT]?.id, add_list: tag }),

    async all(): Promise<OneOfEach> {
      const contact = await make.contact();
      const records: OneOfEach['records'] = {
        [CONTACT]: contact,
        [DEAL]: await make.record(DEAL),
        [COMPANY]: await make.record(COMPANY),
        [PRODUCT]: await make.record(PRODUCT, { price: 5 }),
      };
      records[TASK] = await make.task({ records });
      const { paid, purchase, unpaid } = await make.sale({ records });
      await data('PUT', '/objects/tagByName', { ids: contact.id, add_names: `${word} tag` });
      const tag: string = (await data('GET', `/Contact?id=${contact.id}`)).contact_cat.replace(/\D/g, '');
      const map = await call('POST', '/v1/maps', { name: `${word} map`, draft: triggerToEnd({ type: 'manual' }) });
      await call('POST', `/v1/maps/${map.id}/publish`, {});
      const fields = [{ fieldId: 'email' }];
      const form = await call('POST', '/v1/forms', { settings: { name: `${word} form`, fields } });
      const webhook = await call('POST', '/v1/webhooks', { settings: { name: `${word} webhook`, url } });
      const numbers = await findNumbers(api.system.db, 'webhooks', { accountId: by.account._id, ids: [webhook.id] });
      const mapping = [{ path: '$.email', fieldId: 'email' }];
      const message = { name: `${word} message`, subject: word, plaintext: word };
      return {
        records: { ...records, [PURCHASE]: purchase, [TRANSACTION]: paid },
        unpaid,
        tag,
        map: (await latest('CampaignBuilderItems')).id,
        rule: await make.rule({ tag }),
        form: String(form.number),
        message: (await data('POST', '/message', message)).id,
        subscription: await make.subscription({ tag }),
        webhook: String(numbers.get(webhook.id)),
        inbound: String((await call('POST', '/v1/inbounds', { settings: { name: `${word} source`, mapping } })).number),
        delivery: await logDelivery(api, by, { webhookId: webhook.id, recordId: contact.unique_id, word }),
      };
    },
  };
  return make;
}

async function logDelivery(
  { system: { db } }: TestApi,
  { account }: ApiCaller,
  { webhookId, recordId, word }: { webhookId: WebhookId; recordId: RecordId; word: string },
): Promise<string> {
  const attempt = loggedAttempt(1, 1, { response: { headers: {}, body: `${word} answer`, isTruncated: false } });
  const delivery = storedDelivery({
    accountId: account._id,
    webhookId,
    recordId,
    source: { ...mapSource(), name: `${word} map` },
    status: 'failed',
    responseStatus: 500,
    attempts: [attempt],
  });
  await transaction(db, (session) => insertDelivery(db, session, delivery));
  return delivery._id;
}
