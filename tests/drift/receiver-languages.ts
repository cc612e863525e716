/** A message as a receiver gets it, in a form that every language can read. */
export interface Message {
  bodyBase64: string;
  headers: Record<string, string>;
  secret: string;
}

/** How one language of docs/receivers.md is run: it reads messages as JSON and prints whether each fits, as JSON. */
export interface Language {
  /** What stands behind the three backticks */
  fence: string;
  /** Says that the language is there */
  probe: readonly string[];
  run: readonly string[];
  /** File names with their text, around the block of the page */
  files(block: string): Record<string, string>;
}

export const LANGUAGES: readonly Language[] = [
  {
    fence: 'js',
    probe: [process.execPath, '--version'],
    run: [process.execPath, 'main.js'],
    files: (block) => ({
      'main.js': `${block}
const messages = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const fits = messages.map((m) => verify(Buffer.from(m.bodyBase64, 'base64'), m.headers, m.secret));
console.log(JSON.stringify(fits));`,
    }),
  },
  {
    fence: 'python',
    probe: ['python3', '--version'],
    run: ['python3', 'main.py'],
    files: (block) => ({
      'main.py': `${block}
import json, sys
messages = json.load(sys.stdin)
print(json.dumps([verify(base64.b64decode(m["bodyBase64"]), m["headers"], m["secret"]) for m in messages]))`,
    }),
  },
  {
    fence: 'php',
    probe: ['php', '--version'],
    run: ['php', 'main.php'],
    files: (block) => ({
      'main.php': `<?php
${block}
$messages = json_decode(stream_get_contents(STDIN), true);
$fits = fn ($m) => verify(base64_decode($m['bodyBase64']), $m['headers'], $m['secret']);
echo json_encode(array_map($fits, $messages));`,
    }),
  },
  {
    fence: 'ruby',
    probe: ['ruby', '--version'],
    run: ['ruby', 'main.rb'],
    files: (block) => ({
      'main.rb': `${block}
require "json"
messages = JSON.parse($stdin.read)
puts JSON.generate(messages.map { |m| verify(m["bodyBase64"].unpack1("m"), m["headers"], m["secret"]) })`,
    }),
  },
  {
    fence: 'go',
    probe: ['go', 'version'],
    run: ['go', 'run', 'main.go', 'verify.go'],
    files: (block) => ({
      'verify.go': `package main\n\n${block}`,
      'main.go': `package main

import (
	"encoding/json"
	"net/http"
	"os"
)

func main() {
	var messages []struct {
		BodyBase64 []byte
		Headers    map[string]string
		Secret     string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&messages); err != nil {
		panic(err)
	}
	fits := []bool{}
	for _, m := range messages {
		header := http.Header{}
		for name, value := range m.Headers {
			header.Set(name, value)
		}
		fits = append(fits, Verify(m.BodyBase64, header, m.Secret))
	}
	json.NewEncoder(os.Stdout).Encode(fits)
}
`,
    }),
  },
];
