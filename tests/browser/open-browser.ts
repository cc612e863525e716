import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from './find-chromium';

/** A page in real Chromium, and what went wrong on it. */
export interface WatchedPage {
  page: Page;
  /** Origins that anything was asked of, in the order of the first request */
  origins(): string[];
  /** Errors on the console, among them what the content security policy refused, and exceptions nobody caught */
  errors(): string[];
}

/** Starts Chromium without a window and without anything it would ask of its makers. @throws Error when there is none */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium(),
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });

/** A page of its own, with nothing remembered. @param isExpected console errors that belong to the test */
export async function openPage(browser: Browser, isExpected: (text: string) => boolean): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const origins = new Set<string>();
  const errors: string[] = [];
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (/^(https?|wss?):$/.test(protocol)) origins.add(origin);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.text())) errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  return { page, origins: () => [...origins], errors: () => errors };
}
