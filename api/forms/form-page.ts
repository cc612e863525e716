import type { Response } from 'express';
import { escapeHtml } from '../../domain/escape-html';
import { type FormMarkup, renderForm } from './form-markup';

const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem;color:#1b1b1f;background:#fff}
label{display:block;font-weight:600}input:not([type=checkbox]),textarea,select{width:100%;box-sizing:border-box;font:inherit;padding:.5rem;border:1px solid #6b7280;border-radius:.25rem}
p>input[type=checkbox]+label{display:inline}button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:.25rem;background:#1d4ed8;color:#fff}
:focus-visible{outline:3px solid #f59e0b;outline-offset:2px}.problem{display:block;color:#b91c1c}`;

/** A whole page around some HTML; the title is escaped, the rest must be. */
const wrap = (title: string, body: string): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;

/** The page of a form; with what to mend on top, when a post was refused. */
export function renderFormPage(markup: FormMarkup, message?: string): string {
  const note = message ? `<p role="alert" class="problem">${escapeHtml(message)}</p>\n` : '';
  return wrap(markup.form.settings.name, `${note}${renderForm(markup)}`);
}

/** A page that says one thing. */
export const renderTextPage = (title: string, text: string): string => wrap(title, `<p>${escapeHtml(text)}</p>`);

/**
 * Sends a page: it loads nothing, and its form goes to us only. Browsers hold the redirect after it to the same rule.
 *
 * @param page.redirectUrl where the form leads to
 */
export function sendPage(
  res: Response,
  page: { status: number; html: string; redirectUrl?: string | undefined },
): void {
  const targets = ["'self'", ...(page.redirectUrl ? [new URL(page.redirectUrl).origin] : [])].join(' ');
  res
    .status(page.status)
    .set(
      'content-security-policy',
      `default-src 'none'; style-src 'unsafe-inline'; form-action ${targets}; base-uri 'none'; frame-ancestors 'none'`,
    )
    .set('cache-control', 'no-store')
    .type('html')
    .send(page.html);
}
