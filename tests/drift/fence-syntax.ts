import { parseSync } from '@swc/core';

/** One `import`, `export ... from`, `require`, `import()` or type `import('...')` of a file. */
export interface Import {
  specifier: string;
  /** true when nothing of it is left at run time */
  isType: boolean;
  line: number;
}

/** What the fence needs to know of one file. */
export interface Reading {
  imports: Import[];
  /** uses of the clock, randomness, the environment and `fetch`, by their names in `MAY_USE` */
  uses: { name: string; line: number }[];
  /** lines of calls and awaits that run while the file is being imported */
  effects: number[];
  isBarrel: boolean;
  lines: number;
}

interface Node {
  type: string;
  span: { start: number };
  [key: string]: unknown;
}

const FUNCTIONS = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'PrivateMethod',
  'Constructor',
  'MethodProperty',
  'GetterProperty',
  'SetterProperty',
]);
const RANDOM_NAMES = new Map([
  ['randomUUID', 'crypto.randomUUID'],
  ['randomBytes', 'crypto.randomBytes'],
  ['randomInt', 'crypto.randomBytes'],
  ['getRandomValues', 'crypto.randomBytes'],
]);
const WRAPPERS = ['expression', 'argument', 'callee', 'object', 'base', 'tag'];

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

function walk(value: unknown, inFunction: boolean, visit: (node: Node, inFunction: boolean) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, inFunction, visit);
  else if (typeof value === 'object' && value !== null) {
    if (isNode(value)) visit(value, inFunction);
    const inside = inFunction || (isNode(value) && FUNCTIONS.has(value.type));
    for (const child of Object.values(value)) walk(child, inside, visit);
  }
}

const nameOf = (value: unknown): string | undefined => {
  if (!isNode(value)) return undefined;
  if (value.type === 'Computed') return nameOf(value.expression);
  return value.type === 'Identifier' || value.type === 'StringLiteral' ? String(value.value) : undefined;
};

/** The name at the left end of `a.b().c`, `await a()`, `void a()`: whose call it is. */
function rootName(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  if (value.type === 'Identifier') return String(value.value);
  return rootName(WRAPPERS.map((key) => value[key]).find(isNode));
}

function readImport(node: Node): { specifier: string; isType: boolean } | undefined {
  const from = (source: unknown, isType: boolean) => {
    const specifier = isNode(source) && source.type === 'StringLiteral' ? String(source.value) : undefined;
    return specifier === undefined ? undefined : { specifier, isType };
  };
  if (
    node.type === 'ImportDeclaration' ||
    node.type === 'ExportAllDeclaration' ||
    node.type === 'ExportNamedDeclaration'
  ) {
    const names = nodes(node.specifiers);
    return from(node.source, node.typeOnly === true || (names.length > 0 && names.every((name) => name.isTypeOnly)));
  }
  if (node.type === 'TsImportEqualsDeclaration' && isNode(node.moduleRef))
    return from(node.moduleRef.expression, node.isTypeOnly === true);
  if (node.type === 'TsImportType') return from(node.argument, true);
  if (node.type !== 'CallExpression' || !isNode(node.callee)) return undefined;
  if (node.callee.type !== 'Import' && rootName(node.callee) !== 'require') return undefined;
  return from((node.arguments as { expression: unknown }[])[0]?.expression, false);
}

function readUses(node: Node): string[] {
  if (node.type === 'MemberExpression') {
    const property = nameOf(node.property) ?? '';
    const owner = nameOf(node.object) ?? (isNode(node.object) ? nameOf(node.object.property) : undefined);
    if (owner === 'process' && property === 'env') return ['process.env'];
    if (owner === 'Date' && property === 'now') return ['Date.now'];
    if (owner === 'Math' && property === 'random') return ['Math.random'];
    if (owner === 'Temporal' && property === 'Now') return ['Temporal.Now'];
    if (owner === 'globalThis' && property === 'fetch') return ['fetch'];
    return [RANDOM_NAMES.get(property) ?? []].flat();
  }
  if (node.type === 'NewExpression' || node.type === 'CallExpression') {
    const called = nameOf(node.callee);
    const isEmpty = !Array.isArray(node.arguments) || node.arguments.length === 0;
    if (called === 'Date' && (isEmpty || node.type === 'CallExpression')) return ['new Date()'];
    return called === 'fetch' ? ['fetch'] : [];
  }
  if (node.type === 'VariableDeclarator' && nameOf(node.init) === 'process' && isNode(node.id))
    return nodes(node.id.properties).some((property) => nameOf(property.key) === 'env') ? ['process.env'] : [];
  if (node.type !== 'ImportDeclaration') return [];
  const source = nameOf(node.source) ?? '';
  const imported = nodes(node.specifiers).map((name) => nameOf(name.imported) ?? nameOf(name.local) ?? '');
  if (/^(node:)?process$/.test(source) && imported.includes('env')) return ['process.env'];
  if (!/^(node:)?crypto$/.test(source)) return [];
  return imported.flatMap((name) => RANDOM_NAMES.get(name) ?? []);
}

/** A top-level call is an effect unless it completes something this file has just made (`schema.index(...)`). */
function isEffect(statement: Node, made: ReadonlySet<string>): boolean {
  let expression = statement.expression;
  while (isNode(expression) && (expression.type === 'UnaryExpression' || expression.type === 'ParenthesisExpression'))
    expression = expression.argument ?? expression.expression;
  if (!isNode(expression)) return false;
  if (!['CallExpression', 'NewExpression', 'OptionalChainingExpression'].includes(expression.type)) return false;
  const root = rootName(expression);
  return root === undefined || !made.has(root) || nameOf(expression.callee) !== undefined;
}

/**
 * Reads one TypeScript file into what the fence checks.
 *
 * @throws when the file is not valid TypeScript
 */
export function readSource(path: string, source: string): Reading {
  // A first `;` marks where this file begins among the positions, which go on counting from parse to parse.
  const text = `;${source.startsWith('#!') ? `//${source.slice(2)}` : source}`;
  const bytes = Buffer.from(text);
  const { body } = parseSync(text, { syntax: 'typescript', tsx: path.endsWith('.tsx'), target: 'es2022' });
  const [marker, ...statements] = body as unknown as [Node, ...Node[]];
  const lineOf = (node: Node): number =>
    bytes
      .subarray(0, node.span.start - marker.span.start)
      .toString()
      .split('\n').length;

  const reading: Reading = {
    imports: [],
    uses: [],
    effects: [],
    isBarrel: false,
    lines: source.trimEnd().split('\n').length,
  };
  walk(statements, false, (node, inFunction) => {
    const found = readImport(node);
    if (found) reading.imports.push({ ...found, line: lineOf(node) });
    for (const name of readUses(node)) reading.uses.push({ name, line: lineOf(node) });
    if (!inFunction && (node.type === 'AwaitExpression' || node.isAwait === true || node.await === true))
      reading.effects.push(lineOf(node));
  });
  const made = new Set(
    statements
      .flatMap((node) => [node, node.declaration].filter(isNode))
      .flatMap((node) => nodes(node.declarations).map((declarator) => nameOf(declarator.id) ?? '')),
  );
  for (const node of statements)
    if (node.type === 'ExpressionStatement' && isEffect(node, made)) reading.effects.push(lineOf(node));
  const isPassedOn = (node: Node) => node.type === 'ExportAllDeclaration' || node.type === 'ExportNamedDeclaration';
  reading.isBarrel =
    statements.some(isPassedOn) && statements.every((node) => isPassedOn(node) || node.type === 'ImportDeclaration');
  return reading;
}
