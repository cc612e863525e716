import type { z } from 'zod';
import type { StoredAccount, StoredKey } from '../../schemas/account';
import type { Session } from '../../store/database';
import type { Api } from '../parts';
import { parseGiven } from '../problem';

/** One call, parsed: who calls, the parameters of the route, and what was given beside them, such as values of fields. */
export interface OntraportCall<P = unknown> {
  account: StoredAccount;
  key: StoredKey;
  given: P;
  rest: Record<string, unknown>;
}

/** What goes into the envelope; a total only where it was asked for. */
export interface OntraportAnswer {
  data: unknown;
  count?: number;
  /** Of a list that goes on: the "start" of the next rows, told by the header Link */
  nextStart?: number;
}

type Method = 'get' | 'post' | 'put' | 'delete';

interface Row<P extends z.ZodObject> {
  method: Method;
  /** Without the /1 before it */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  /** Parameters by name, wherever they are given: in the query, in a JSON body or in a form body */
  parameters: P;
  /** Values of fields are taken beside the parameters */
  takesFields?: boolean;
  /** Parameters of a call that runs as it stands, where there is one */
  example?: Record<string, unknown>;
  /** What `data` of the answer looks like */
  answer: unknown;
}

/** A row of the table of the API under /1, whatever its shapes. */
export interface OntraportRoute extends Row<z.ZodObject> {
  takesFields: boolean;
  /** Set in routes that are another one with some parameters given: /Contacts is /objects with objectID 0 */
  preset: Record<string, unknown>;
  /** Runs in one transaction */
  isAtomic: boolean;
  handle(
    api: Api,
    caller: Pick<OntraportCall, 'account' | 'key'>,
    given: Record<string, unknown>,
    session: Session | null,
  ): Promise<OntraportAnswer>;
}

/** An endpoint that changes nothing. */
export const readCall = <P extends z.ZodObject>(
  row: Row<P> & { handler: (api: Api, call: OntraportCall<z.output<P>>) => Promise<OntraportAnswer> },
): OntraportRoute => {
  const { handler, ...rest } = row;
  return {
    ...rest,
    takesFields: row.takesFields ?? false,
    preset: {},
    isAtomic: false,
    handle: (api, caller, given) => handler(api, { ...caller, ...split(row.parameters, given) }),
  };
};

/** An endpoint whose handler runs in one transaction, after which the pump is nudged. */
export const writeCall = <P extends z.ZodObject>(
  row: Row<P> & {
    handler: (api: Api, call: OntraportCall<z.output<P>>, session: Session) => Promise<OntraportAnswer>;
  },
): OntraportRoute => {
  const { handler, ...rest } = row;
  return {
    ...rest,
    takesFields: row.takesFields ?? false,
    preset: {},
    isAtomic: true,
    handle: (api, caller, given, session) => {
      if (!session) throw new Error(`${row.method} ${row.path} needs a transaction`);
      return handler(api, { ...caller, ...split(row.parameters, given) }, session);
    },
  };
};

/** The same endpoint under another path, with some parameters given by that path. */
export const alias = (
  route: OntraportRoute,
  as: { path: string; tag?: string; summary: string; preset?: Record<string, unknown> },
): OntraportRoute => {
  const { preset = {}, ...names } = as;
  const hidden = Object.fromEntries(Object.keys(preset).map((name) => [name, true as const]));
  const example =
    route.example && Object.fromEntries(Object.entries(route.example).filter(([key]) => !(key in preset)));
  return {
    ...route,
    ...names,
    parameters: route.parameters.omit(hidden as never),
    ...(example ? { example } : {}),
    preset: { ...route.preset, ...preset },
    handle: (api, caller, given, session) => route.handle(api, caller, { ...given, ...preset }, session),
  };
};

/** Names that are no parameters are left over; the handler knows whether they are fields. */
function split<P extends z.ZodObject>(
  parameters: P,
  all: Record<string, unknown>,
): { given: z.output<P>; rest: Record<string, unknown> } {
  const names = Object.keys(parameters.shape);
  const of = (isParameter: boolean) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name) === isParameter));
  return { given: parseGiven(parameters, of(true)), rest: of(false) };
}
