import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { monotonicMs } from '../../lib/clock';
import { AppError } from '../../lib/errors';
import { newSecret } from '../../lib/ids';
import { FORM_EXTRAS, type StoredForm } from '../../schemas/form';
import type { Problem } from '../../schemas/problem';
import { findFormByToken } from '../../store/forms';
import { getObjectType } from '../../store/object-types';
import { checkStorable } from '../check-storable';
import type { Api } from '../parts';
import { invalid, refuse, toAppError } from '../problem';
import { openRateWindow } from '../rate-window';
import { renderFormPage, renderTextPage, sendPage } from './form-page';
import { orderPriceOf } from './order-price';
import { testCards } from './payment-adapter';
import { submitForm } from './submit-form';

const PATH = '/forms/:token';
/** Where forms of Ontraport are posted, each with its `uid`. */
export const PROCESSOR_PATH = '/v2.4/form_processor.php';
/** Posts of one form from one address, in each process of the API. */
export const POSTS_PER_MINUTE = 30;
type Posted = Readonly<Record<string, unknown>>;
const read = [
  express.urlencoded({ extended: false, limit: '256kb', parameterLimit: 500 }),
  express.json({ limit: '256kb', type: 'application/json' }),
];

/** Pages of forms and their posts, without an API key. Source: docs/forms.md. */
export function serveForms(app: Express, api: Api): void {
  const limit = openRateWindow({ max: POSTS_PER_MINUTE, windowMs: 60_000 });
  const payments = api.payments ?? testCards;
  const findBy =
    (tokenOf: (req: Request) => unknown): RequestHandler =>
    async (req, res, next) => {
      const token = tokenOf(req);
      const form = typeof token === 'string' ? await findFormByToken(api.db, token) : null;
      if (!form) throw new AppError('form.not-found');
      res.locals.form = form;
      allowOrigin(form, req, res);
      next();
    };
  const find = findBy(({ params }) => params.token);
  const count: RequestHandler = (req, res, next) => {
    const waitSeconds = limit.take(`${formOf(res).token} ${req.ip ?? ''}`, monotonicMs());
    if (waitSeconds === 0) return next();
    res.set('retry-after', String(waitSeconds));
    throw new AppError('form.too-many');
  };
  const refuseOtherTypes: RequestHandler = (req, _res, next) => {
    if (req.is(['application/x-www-form-urlencoded', 'application/json']) === false)
      throw new AppError('request.unsupported-type', { detail: 'Or send application/x-www-form-urlencoded.' });
    next();
  };
  const submit: RequestHandler = async (req, res) => {
    const form = formOf(res);
    const posted: unknown = req.body ?? {};
    refuse(checkStorable(posted));
    if (typeof posted !== 'object' || posted === null || Array.isArray(posted))
      throw invalid({ path: '', message: 'must be an object with the fields of the form' });
    const given = posted as Record<string, unknown>;
    // A program is told what a person would be told, and nothing is written.
    if (typeof given[FORM_EXTRAS.trap] === 'string' && given[FORM_EXTRAS.trap] !== '')
      return answerSuccess(form, req, res);
    const { problems, ...done } = await submitForm(api.db, form, { posted: given, payments });
    if (problems) {
      if (wantsJson(req)) throw invalid(...problems);
      const message = 'Something is missing or wrong; please look at what is marked.';
      return showForm(api, form, { res, status: 400, typed: given, problems, message });
    }
    api.onEvents();
    if ('outcome' in done && done.outcome === 'success') return answerSuccess(form, req, res);
    const declined = new AppError('form.payment-declined');
    if (wantsJson(req)) throw declined;
    return showForm(api, form, { res, status: declined.status, typed: given, problems: [], message: declined.message });
  };

  app.options(PATH, find, (_req, res) => void res.status(204).end());
  app.get(PATH, find, (_req, res) => showForm(api, formOf(res), { res, status: 200 }));
  app.get(`${PATH}/thanks`, find, (_req, res) => {
    const { name, thankYou } = formOf(res).settings;
    sendPage(res, { status: 200, html: renderTextPage(name, thankYou) });
  });
  app.post(PATH, find, count, refuseOtherTypes, ...read, submit);
  const findByUid = findBy(
    ({ body, query }) => (body as Posted | undefined)?.[FORM_EXTRAS.uid] ?? query[FORM_EXTRAS.uid],
  );
  app.post(PROCESSOR_PATH, refuseOtherTypes, ...read, findByUid, count, submit);
  app.use(['/forms', PROCESSOR_PATH], showProblem);
}

const formOf = (res: Response): StoredForm => res.locals.form as StoredForm;
const wantsJson = (req: Request): boolean =>
  req.is('application/json') === 'application/json' || req.accepts(['html', 'json']) === 'json';

/** Lets scripts of the form's sites post it and read the answer. */
function allowOrigin(form: StoredForm, req: Request, res: Response): void {
  res.vary('origin');
  const origin = req.get('origin');
  if (origin === undefined || !form.settings.allowedOrigins.includes(origin)) return;
  res.set('access-control-allow-origin', origin);
  res.set('access-control-allow-methods', 'POST');
  res.set('access-control-allow-headers', 'content-type');
  res.set('access-control-max-age', '600');
}

function answerSuccess(form: StoredForm, req: Request, res: Response): void {
  const { redirectUrl, thankYou } = form.settings;
  res.set('cache-control', 'no-store');
  if (wantsJson(req)) res.json({ outcome: 'success', message: thankYou, redirectUrl: redirectUrl ?? null });
  else res.redirect(303, redirectUrl ?? `/forms/${form.token}/thanks`);
}

/** The form's page, with what was typed and what is wrong with it. */
async function showForm(
  api: Api,
  form: StoredForm,
  given: { res: Response; status: number; typed?: Record<string, unknown>; problems?: Problem[]; message?: string },
): Promise<void> {
  const { res, status, message, ...shown } = given;
  const { fields } = await getObjectType(api.db, form.accountId, form.settings.objectTypeId);
  const price = (await orderPriceOf(api.db, form))?.text ?? null;
  const markup = { ...shown, form, fields, price, action: `/forms/${form.token}`, submission: newSecret() };
  sendPage(res, { status, html: renderFormPage(markup, message), redirectUrl: form.settings.redirectUrl });
}

/** Mistakes as a page for people; what is our own fault goes on to where it is logged. */
const showProblem: express.ErrorRequestHandler = (thrown, req, res, next) => {
  const error = toAppError(thrown);
  if (res.headersSent || error.status >= 500 || wantsJson(req)) return next(thrown);
  res.locals.code = error.code;
  if (!req.complete) res.set('connection', 'close');
  const what = (error.facts.problems ?? []).map(({ path, message }) => `${path} ${message}`).join('; ');
  sendPage(res, { status: error.status, html: renderTextPage('This did not work', [error.message, what].join(' ')) });
};
