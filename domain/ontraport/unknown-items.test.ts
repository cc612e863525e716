import { expect, test } from '@jest/globals';
import type { RuleStrings } from '../../schemas/rule';
import { idOfNumber, testNumbers } from '../../tests/rendering/account-numbers';
import { decodeRule } from './rule-strings';

const read = (strings: Partial<RuleStrings>) => decodeRule(strings, testNumbers);

const UNKNOWN = [
  ['events', 'call_is_logged', '"call_is_logged" has no counterpart here'],
  ['events', 'pause_everything(140)', '"pause_everything" has no counterpart here'],
  ['events', 'relative_date_field(1,2,0,birthday)', 'months differ in length'],
  ['events', 'Contact_clicks_emailanchor(5,2)', 'it is narrowed to "2"'],
  ['events', 'campaign_builder_object_change(7,140)', 'its option "7" has no counterpart here'],
  ['conditions', 'field_is_condition_fieldvalue(state,Sounds Like,CA)', 'the comparison "Sounds Like" is not known'],
  ['conditions', 'field_is_condition_fieldvalue(state,Equal To,Paris, TX)', 'it has 4 parameters where 3 are known'],
  ['actions', 'Send_contact_a_postcard(5)', '"Send_contact_a_postcard" has no counterpart here'],
  ['conditions', 'Been_on_campaign_for_timeframe(140,2)', 'has no counterpart here'],
  ['conditions', 'Has_clicked_emailanchor_condition_n_times(5_2,Equal To,1)', '"5_2" names a link'],
  ['conditions', 'field_is_condition_fieldvalue(colours,Contains,*/*1*/*2*/*)', 'with several options at once'],
  ['actions', 'Change_field_to_fieldvalue(colours,*/*1*/*,1)', 'it is narrowed to "1"'],
  ['actions', 'Ping_APIURL(https://example.com/::a=b::0)', 'it holds a URL'],
  ['actions', 'Ping_APIURL(https://example.com/?a=1;b=2)', 'it holds a URL'],
  ['actions', 'Ping_APIURL(https://example.com/::{"name":"[First Name], (new)";"n":1}::1)', 'it holds a URL'],
  ['actions', 'Ping_APIURL([Site]::smile :)::0)', 'it holds a URL'],
  ['actions', 'pause_or_unpause_on_camp(2,140)', 'its option "2" has no counterpart here'],
  ['actions', 'send_contact_an_sms(5,3)', 'it is narrowed to "3"'],
  ['actions', 'Notify_someone_with_emailmbs(1,5)', '"Notify_someone_with_emailmbs" has no counterpart here'],
  ['actions', 'Notify_someone_with_sms(1,5,3)', '"Notify_someone_with_sms" has no counterpart here'],
] as const;
const WRONG = [
  ['events', 'Contact_added_to_category(1234)', 'there is no tag 1234 in this account'],
  ['events', 'Contact_added_to_category(four)', '"four" is no id of a tag'],
  ['events', 'campaign_builder_object_change(0,1234)', 'there is no map 1234 in this account'],
  ['events', 'pause_campaign(four)', '"four" is no id of a map'],
  ['conditions', 'field_is_condition_fieldvalue(birthday,Equal To,SOON)', 'the value for Birthday must be a date'],
  ['conditions', 'field_is_condition_fieldvalue(birthday,Contains,TODAY)', 'where the value is a relative date'],
  ['conditions', 'paused_or_active_on_camp(0,0)', 'mapId'],
  ['conditions', 'campaignbuilder_subscription_date_is_val(140,4,1)', 'neither 1 (on), 2 (before) nor 3 (after)'],
  ['conditions', 'been_on_campaignbuilder_for_timeframe(140,2,3)', 'neither 0 (days), 1 (weeks) nor 2 (months)'],
  ['actions', 'Ping_APIURL(four)', 'is no id of a webhook'],
  ['actions', 'Change_field_to_fieldvalue(colours,*/*1*/*9*/*,0)', 'holds 9, which is not among its options'],
  ['actions', 'Change_field_to_fieldvalue(size,9,0)', 'the value for Size must be one of S, M, 1'],
  ['actions', 'Change_field_to_fieldvalue(employer,1234,0)', 'there is no record 1234 in this account'],
  ['conditions', 'field_is_condition_fieldvalue(size,Equal To,9)', 'must be the id of an option, 1 to 3, or its name'],
  [
    'conditions',
    'field_is_condition_fieldvalue(size,Not Equal To,XL)',
    'must be the id of an option, 1 to 3, or its name',
  ],
  [
    'conditions',
    'field_is_condition_fieldvalue(colours,Contains,pink)',
    'must be the id of an option, 1 to 3, or its name',
  ],
  ['conditions', 'field_is_condition_fieldvalue(employer,Equal To,1234)', 'there is no record 1234 in this account'],
  ['actions', 'Change_field_to_fieldvalue(score,many,0)', 'the value for Score must be a number'],
  ['actions', 'Send_contact_an_emailmbs(1234)', 'there is no message 1234 in this account'],
  ['actions', 'hookline(%7B%22kind%22%3A%22fly%22%7D)', 'is not right'],
  ['actions', 'no item at all', 'it is not written as code(parameter,parameter)'],
] as const;
test.each([...UNKNOWN.map((row) => [...row, true] as const), ...WRONG.map((row) => [...row, false] as const)])(
  'of the %s "%s" is told what is wrong, and whether it is unknown or a mistake',
  (name, text, why, isUnknown) => {
    const { parts, problems, unknown } = read({ [name]: `${text};` });
    const path = `${name}.0`;
    expect(parts).toEqual({ events: [], actions: [] });
    expect(problems).toEqual([{ path, message: expect.stringContaining(why) }]);
    expect(problems[0]?.message).toContain(text);
    expect(unknown).toEqual(isUnknown ? [{ path, item: text, reason: expect.stringContaining(why) }] : []);
  },
);

test('what follows a URL with semicolons in it is read on', () => {
  const ping = 'Ping_APIURL(https://example.com/::a=(1;2);b=3::0)';
  const { parts, unknown } = read({ actions: `Add_contact_to_category(4);${ping} ; Add_contact_to_category(5)` });
  expect(parts.actions).toMatchObject([{ kind: 'change-tags', add: [idOfNumber('tag', 4), idOfNumber('tag', 5)] }]);
  expect(unknown).toEqual([{ path: 'actions.1', item: ping, reason: expect.stringContaining('a URL') }]);
  const open = read({ actions: 'Ping_APIURL(https://example.com/::a=(1;Add_contact_to_category(5)' });
  expect(open.problems).toHaveLength(1);
  expect(open.unknown).toEqual([]);
});
