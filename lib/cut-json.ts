/**
 * The beginning of a text whose JSON has at most so many bytes, never with half a character: for what Temporal keeps
 * encrypted and within a limit of its own.
 *
 * @param bytesMax of the UTF-8 of the JSON, without its quotes
 * @throws never
 */
export function cutJson(text: string, bytesMax: number): string {
  let bytes = 0;
  let cut = '';
  for (const character of text) {
    bytes += Buffer.byteLength(JSON.stringify(character)) - 2;
    if (bytes > bytesMax) break;
    cut += character;
  }
  return cut;
}
