import { describe, expect, test } from '@jest/globals';
import { checkFence } from './fence';
import { FREE, MAY_IMPORT } from './fence-table';
import { listFiles, readText } from './repository';

/** path, source, what the sentence must say */
const REFUSED: [path: string, source: string, says: RegExp][] = [
  ['schemas/tag.ts', "import { a } from '../lib/clock';", /imports "\.\.\/lib\/clock": schemas\//],
  ['schemas/tag.ts', "import { Schema } from 'mongoose';", /"mongoose": only store\/, embedded\/ may/],
  ['domain/route.ts', "import { z } from 'zod';", /"zod": only schemas\/, api\/, lib\/config.ts may/],
  ['domain/route.ts', "import type { Tag } from '../store/tags';", /imports types of "\.\.\/store\/tags"/],
  ['domain/route.ts', "import { readFileSync } from 'node:fs';", /"node:fs"/],
  ['domain/route.ts', 'export const isDue = (at: number) => at < Date.now();', /:1 uses Date\.now/],
  ['domain/route.ts', 'export const today = () => new Date();', /uses new Date\(\)/],
  [
    'domain/route.ts',
    "import { Temporal } from 'temporal-polyfill';\nexport const f = () => Temporal.Now.instant();",
    /:2 uses Temporal\.Now/,
  ],
  ['domain/route.ts', 'export const roll = () => Math.random();', /uses Math\.random/],
  ['lib/logger.ts', "import { getMap } from '../store/maps';", /lib\/ is the process around the work/],
  ['lib/logger.ts', "import { z } from 'zod';", /"zod"/],
  ['lib/logger.ts', '\n\nexport const level = () => process.env.LOG_LEVEL;', /lib\/logger\.ts:3 uses process\.env/],
  ['lib/logger.ts', "const { env } = process;\nexport const level = () => env['LOG_LEVEL'];", /uses process\.env/],
  ['store/maps.ts', "import { randomUUID } from 'node:crypto';", /uses crypto\.randomUUID/],
  ['store/maps.ts', "import { matches } from '../domain/conditions';", /store\/ only keeps and finds/],
  ['store/maps.ts', "import { ulid } from 'ulid';", /"ulid": only lib\/ may/],
  ['workflows/map-entry.ts', "import { advance } from '../activities/advance';", /write "import type"/],
  ['workflows/map-entry.ts', "import { codes } from '../schemas/error-codes';", /write "import type"/],
  [
    'workflows/map-entry.ts',
    "export const load = () => import('../domain/route-event');",
    /imports "\.\.\/domain\/route-event"/,
  ],
  ['workflows/map-entry.ts', "import { Context } from '@temporalio/activity';", /only activities\/ may/],
  ['activities/advance.ts', "import { sleep } from '@temporalio/workflow';", /only workflows\/ may/],
  ['activities/advance.ts', "import { carryOut } from '../workers/dispatch/carry-out';", /activities\/ are what/],
  ['activities/send-webhook.ts', "import { request } from 'undici';", /"undici": only lib\/ may/],
  ['activities/send-webhook.ts', 'export const send = (url: string) => fetch(url);', /uses fetch: outgoing requests/],
  ['workers/worker-main.ts', "import { mapEntry } from '../workflows/index';", /write "import type"/],
  ['workers/worker-main.ts', "import express = require('express');", /only api\/ may/],
  ['api/records.ts', "import { pump } from '../workers/dispatch/pump';", /way to Temporal/],
  ['api/records.ts', "import { Client } from '@temporalio/client';", /only workers\/, embedded\/, cli\/ may/],
  ['api/records.ts', "import { mapOf } from 'domain/map';", /relative path/],
  ['api/records.ts', "import _ from 'lodash';", /no folder may/],
  ['embedded/mongodb.ts', "import { openStore } from '../store/connection';", /embedded\/ starts and stops/],
  ['workers/backup.ts', "import { spawn } from 'node:child_process';", /only embedded\/ may/],
  [
    'console/src/app.tsx',
    "import mongoose from 'mongoose';\nexport const App = () => <p />;",
    /console\/ is a browser program/,
  ],
  ['console/src/app.tsx', "import { app } from '../../api/app';", /imports "\.\.\/\.\.\/api\/app"/],
  [
    'store/index.ts',
    "export * from './maps';\nexport { a } from './tags';",
    /:1 only passes on what other files export/,
  ],
  ['lib/clock.ts', `export const a = 1;\n${'// more\n'.repeat(200)}`, /is 201 lines long/],
  ['tests/path/deliver.test.ts', `export const a = 1;\n${'// more\n'.repeat(200)}`, /is 201 lines long/],
  [
    'store/maps.ts',
    "import { openMongo } from '../lib/lifecycle';\nvoid openMongo();",
    /:2 does something while it is imported/,
  ],
  ['scripts/tidy.ts', 'export const a = 1;', /folder without a row/],
];

const ACCEPTED: [path: string, source: string][] = [
  [
    'workflows/map-entry.ts',
    "import type * as activities from '../activities/index';\nimport { type Stop } from '../schemas/stop';",
  ],
  ['workflows/map-entry.ts', 'export const now = (): number => Date.now();'],
  ['workflows/index.ts', "export * from './map-entry';"],
  ['lib/config.ts', "import { z } from 'zod';\nexport const read = () => z.string().parse(process.env.PORT);"],
  ['lib/clock.ts', 'export const clock = { now: () => new Date() };'],
  [
    'domain/date.ts',
    "import { Temporal } from 'temporal-polyfill';\nexport const f = (at: string) => [new Date(at), Temporal.Instant.from(at)];",
  ],
  [
    'store/maps.ts',
    "import { Schema } from 'mongoose';\nconst schema = new Schema({});\nschema.index({ accountId: 1 });\nexport { schema };",
  ],
  [
    'api/maps.ts',
    "import { startEntry } from '../workers/temporal-client';\nimport { z } from 'zod';\nimport { Router } from 'express';",
  ],
  ['api/main.ts', "import { openApi } from './app';\nvoid openApi();"],
  ['store/maps.test.ts', "import { openMongo } from '../embedded/mongodb';\nexport const at = Date.now();"],
  ['tests/path/send.ts', "import { api } from '../../api/app';\nexport const id = () => Math.random();"],
  [
    'cli/hookline.ts',
    "#!/usr/bin/env node\nimport { Command } from 'commander';\nimport manifest from '../package.json';\nvoid new Command(manifest.name).parseAsync();",
  ],
];

const sentencesOf = (path: string, source: string): string[] =>
  checkFence([{ path, source }]).map(({ sentence }) => sentence);

/** `path: source`, on one short line, to name a test after what it plants. */
const nameOf = (path: string, source: string): string =>
  `${path}: ${source
    .replace(/(\n\/\/ more)+/, ' ...')
    .replace(/\s+/g, ' ')
    .trim()}`;

describe('the fence between folders', () => {
  test('the whole tree keeps to it', () => {
    const paths = [...Object.keys(MAY_IMPORT), ...FREE].flatMap((folder) => listFiles(folder, /\.tsx?$/));
    const files = paths.map((path) => ({ path, source: readText(path) }));
    expect(files.length).toBeGreaterThan(10);
    expect(checkFence(files).map(({ sentence }) => sentence)).toEqual([]);
  });

  for (const [path, source, says] of REFUSED)
    test(`refuses ${nameOf(path, source)}`, () => {
      const sentences = sentencesOf(path, source);
      expect(sentences.join('\n')).toMatch(says);
      expect(sentences.every((sentence) => sentence.startsWith(`${path}:`))).toBe(true);
    });

  for (const [path, source] of ACCEPTED)
    test(`lets pass ${nameOf(path, source)}`, () => expect(sentencesOf(path, source)).toEqual([]));

  test('names the right line whatever letters and files come before it', () => {
    const source = "// Zürich, 東京, 🎈\n\nimport { request } from 'undici';\n";
    const files = ['store/a.ts', 'store/b.ts'].map((path) => ({ path, source }));
    expect(checkFence(files).map(({ path, line }) => [path, line])).toEqual([
      ['store/a.ts', 3],
      ['store/b.ts', 3],
    ]);
  });
});
