/** What kind of trouble an embedded server is in; the sentence is in the message. */
export type EmbeddedErrorCode =
  | 'embedded.already-running'
  | 'embedded.binary-not-found'
  | 'embedded.fetch-failed'
  | 'embedded.not-started'
  | 'embedded.port-taken'
  | 'embedded.wrong-version';

/**
 * Trouble with an embedded server. The message is one or more whole sentences for the person at the terminal: what
 * happened, and which setting would help.
 */
export class EmbeddedError extends Error {
  override readonly name: string = 'EmbeddedError';

  constructor(
    readonly code: EmbeddedErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
