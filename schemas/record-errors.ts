/**
 * Failures around what an account keeps and what comes in from outside: object types, records, purchases, tasks, forms,
 * inbound webhooks. Rows of `ERRORS`, with the same rules.
 */
export const RECORD_ERRORS = {
  'object-type.not-found': {
    status: 404,
    retryable: false,
    sentence: 'No object type with this id exists in the account.',
  },
  'object-type.exists': {
    status: 409,
    retryable: false,
    sentence: 'An object type or field with this name exists already.',
  },
  'record.not-found': { status: 404, retryable: false, sentence: 'No record with this id exists in the account.' },
  'purchase.not-found': { status: 404, retryable: false, sentence: 'No purchase with this id exists in the account.' },
  'purchase.refunded': { status: 409, retryable: false, sentence: 'This purchase has been refunded already.' },
  'transaction.settled': {
    status: 409,
    retryable: false,
    sentence: 'The transaction was refunded, voided or written off before, at least in part.',
  },
  'transaction.paid': {
    status: 409,
    retryable: false,
    sentence: 'The transaction is paid, so it cannot be written off; refund it or void it.',
  },
  'transaction.unsupported': {
    status: 422,
    retryable: false,
    sentence: 'Hookline moves no money and has no counterpart of this.',
  },
  'task.not-found': { status: 404, retryable: false, sentence: 'No task with this id exists in the account.' },
  'task.ended': { status: 409, retryable: false, sentence: 'The task is completed or cancelled already.' },
  'form.not-found': { status: 404, retryable: false, sentence: 'There is no such form.' },
  'form.in-use': {
    status: 409,
    retryable: false,
    sentence: 'Something listens for posts of this form; change or delete that first.',
  },
  'form.without-order': {
    status: 409,
    retryable: false,
    sentence: 'This form takes no payments; give its settings an "order" first.',
  },
  'form.without-price': {
    status: 409,
    retryable: false,
    sentence: 'This form cannot be paid now: its product was deleted or has no price.',
  },
  'form.payment-declined': { status: 402, retryable: false, sentence: 'The card was declined; try another one.' },
  'form.too-many': {
    status: 429,
    retryable: true,
    sentence: 'Too many posts of this form came from your address; wait as long as Retry-After says.',
  },
  'tag.not-found': { status: 404, retryable: false, sentence: 'No tag with this id exists in the account.' },
  'tag.exists': { status: 409, retryable: false, sentence: 'A tag with this name exists already.' },
  'message.not-found': { status: 404, retryable: false, sentence: 'No message with this id exists in the account.' },
  'outgoing-message.not-found': {
    status: 404,
    retryable: false,
    sentence: 'No outgoing message with this id exists in the account (any more).',
  },
  'message.in-use': {
    status: 409,
    retryable: false,
    sentence: 'A rule sends this message; take it off there first.',
  },
  'field.in-use': {
    status: 409,
    retryable: false,
    sentence: 'The field is used; take it out there first.',
  },
  'inbound.not-found': { status: 404, retryable: false, sentence: 'There is no source with this id or URL.' },
  'inbound.unsigned': {
    status: 401,
    retryable: false,
    sentence: 'The signature of the message is missing or wrong; sign it with the secret of the source.',
  },
  'inbound.unmatched': {
    status: 422,
    retryable: false,
    sentence: 'The message does not hold the value that finds its record; "problems" names the field.',
  },
  'inbound.too-many': {
    status: 429,
    retryable: true,
    sentence: 'The source takes no more messages in this minute; repeat the request after "Retry-After" seconds.',
  },
} as const satisfies Record<string, { status: number; retryable: boolean; sentence: string }>;
