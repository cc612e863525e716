import { z } from 'zod';
import { fieldSchema } from './field';

/** Custom object types are numbered from here; below are the built-in ones. */
export const CUSTOM_OBJECT_TYPE_MIN = 10_000;

export const objectTypeId = z.coerce
  .number()
  .int()
  .min(0)
  .max(1_000_000)
  .meta({ description: 'Contact is 0; custom object types start at 10000' });

export const objectTypeSchema = z
  .object({
    objectTypeId: z.number().int(),
    name: z.string().meta({ description: 'One of them: "Contact"' }),
    plural: z.string().meta({ description: 'Several: "Contacts"' }),
    isBuiltIn: z.boolean(),
    fields: z.array(fieldSchema),
  })
  .meta({ id: 'ObjectType' });
export type ObjectType = z.output<typeof objectTypeSchema>;

const name = z.string().trim().min(1).max(80);
export const newObjectType = z.object({ name, plural: name, fields: z.array(fieldSchema).max(300).default([]) });
export const newField = fieldSchema;

type BuiltIn = Omit<ObjectType, 'isBuiltIn'>;
const field = (id: string, label: string, type: ObjectType['fields'][number]['type'] = 'text') => ({ id, label, type });
const relation = (id: string, label: string, objectTypeId: number) => ({ ...field(id, label, 'parent'), objectTypeId });

/** Numbers of the built-in object types that code speaks of. */
export const OBJECT_TYPE = { contact: 0, task: 1, note: 12, product: 16, purchase: 17, transaction: 46 } as const;

/** Object types of every new account, with Ontraport's numbers and field names. Source: reference rows 67 and 72, section 3D. */
export const BUILT_IN_OBJECT_TYPES: readonly BuiltIn[] = [
  {
    objectTypeId: 0,
    name: 'Contact',
    plural: 'Contacts',
    fields: [
      field('firstname', 'First Name'),
      field('lastname', 'Last Name'),
      field('email', 'Email', 'email'),
      field('sms_number', 'SMS Number', 'sms'),
      field('home_phone', 'Home Phone', 'phone'),
      field('office_phone', 'Office Phone', 'phone'),
      field('title', 'Title'),
      field('company', 'Company'),
      field('website', 'Website', 'url'),
      field('address', 'Address', 'address'),
      field('address2', 'Address 2', 'address'),
      field('city', 'City'),
      field('state', 'State', 'state'),
      field('zip', 'Zip Code'),
      field('country', 'Country', 'country'),
      field('birthday', 'Birthday', 'fulldate'),
      field('timezone', 'Timezone', 'timezone'),
      field('spent', 'Spent', 'price'),
      field('freferrer', 'First Referrer'),
      field('lreferrer', 'Last Referrer'),
      field('notes', 'Notes', 'longtext'),
    ],
  },
  {
    objectTypeId: 149,
    name: 'Deal',
    plural: 'Deals',
    fields: [
      field('name', 'Name'),
      field('stage', 'Stage'),
      field('value', 'Value', 'price'),
      field('expected_close', 'Expected Close', 'fulldate'),
    ],
  },
  {
    objectTypeId: 150,
    name: 'Company',
    plural: 'Companies',
    fields: [
      field('name', 'Name'),
      field('website', 'Website', 'url'),
      field('phone', 'Phone', 'phone'),
      field('city', 'City'),
      field('country', 'Country', 'country'),
    ],
  },
  {
    objectTypeId: 16,
    name: 'Product',
    plural: 'Products',
    fields: [
      field('name', 'Name'),
      field('price', 'Price', 'price'),
      field('description', 'Description', 'longtext'),
      field('external_id', 'External ID'),
      field('product_group', 'Product Group'),
      field('taxable', 'Taxable', 'check'),
    ],
  },
  {
    objectTypeId: 1,
    name: 'Task',
    plural: 'Tasks',
    fields: [
      field('subject', 'Subject'),
      field('due_date', 'Due Date', 'fulldate'),
      field('status', 'Status'),
      field('message', 'Message', 'longtext'),
      field('about_record', 'About Record'),
      field('completed_at', 'Completed At', 'fulldate'),
      field('overdue_at', 'Overdue At', 'fulldate'),
      field('outcome', 'Outcome'),
    ],
  },
  {
    objectTypeId: 12,
    name: 'Note',
    plural: 'Notes',
    fields: [field('data', 'Note', 'longtext'), field('about_record', 'About Record')],
  },
  {
    objectTypeId: 17,
    name: 'Purchase',
    plural: 'Purchases',
    fields: [
      relation('contact_id', 'Contact', 0),
      relation('product_id', 'Product', 16),
      field('name', 'Name'),
      field('price', 'Price', 'price'),
      field('quantity', 'Quantity', 'numeric'),
      field('total_price', 'Total Price', 'price'),
      field('discount', 'Discount', 'price'),
      field('coupon_id', 'Coupon ID'),
      relation('invoice_id', 'Transaction', 46),
      field('order_id', 'Order ID'),
      field('subscription_id', 'Subscription ID'),
      field('type', 'Type'),
      field('status', 'Status'),
      field('date', 'Date', 'fulldate'),
    ],
  },
  {
    objectTypeId: 46,
    name: 'Transaction',
    plural: 'Transactions',
    fields: [
      relation('contact_id', 'Contact', 0),
      field('contact_name', 'Contact Name'),
      field('order_id', 'Order ID'),
      field('form_id', 'Form ID'),
      field('status', 'Status'),
      field('subtotal', 'Subtotal', 'price'),
      field('tax', 'Tax', 'price'),
      field('shipping', 'Shipping', 'price'),
      field('total', 'Total', 'price'),
      field('refunded', 'Refunded', 'price'),
      field('date', 'Date', 'fulldate'),
      field('external_order_id', 'External Order ID'),
    ],
  },
];
