import { jest } from '@jest/globals';

/** Real servers on a busy machine take their time; a test that hangs still ends. */
jest.setTimeout(60_000);
