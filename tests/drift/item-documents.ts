import type { z } from 'zod';
import { actionSchema } from '../../schemas/action';
import { ACTION_ROWS } from '../../schemas/action-catalogue';
import { conditionSchema, FIELD_OPERATORS } from '../../schemas/condition';
import { CONDITION_ROWS, OPERATOR_CODES, OPERATOR_WORDS } from '../../schemas/condition-catalogue';
import { code, codeOr, showFits, showParameters, showSpellings, table } from './show-items';

const BEFORE_CONDITIONS = `# Reference of conditions

Every condition in all vocabularies; [maps.md](maps.md#conditions) says what each asks. **Name** is its \`kind\`, with what else tells it
from others. **Parameters** are the rest: one with a ? may be left out, and then any is meant; \`filled\` and \`empty\` take no \`value\`.
**Rule code** and **map key** are
Ontraport's, with our parameters in their places (in maps \`a0\`, \`a1\`, ...); a number there is Ontraport's and stands as it is. An
empty cell means that Ontraport has no word for it, or none that is known. **Object types** are those whose records it may be asked of;
for others it is refused. \`variable\` is asked by condition elements of maps alone. Groups are \`{kind: 'all' | 'any', of: [...]}\` and \`{kind: 'not', of}\`.
`;

const BEFORE_OPERATORS = `## Operators

\`op\` as rules and maps of Ontraport write it. Purchases and e-mails are compared by the first six. Of \`joined-map\` rules write 1 (on),
2 (before) or 3 (after) and the day in Unix seconds, of \`on-map-for\` 0 (days), 1 (weeks) or 2 (months).
`;

const BEFORE_ACTIONS = `# Reference of actions

Every action of [rules](rules.md#actions) in all vocabularies. **Name** is its \`kind\`. **Parameters**: one with a ? may be left out, and one
with = has a default. **Rule code** is Ontraport's, with our parameters in their places; a number there is Ontraport's and stands
as it is. **Map types** are types of element in the JSON of maps. An empty cell means that Ontraport has no word for it, or none that is
known. **Object types** are those whose records it may be done to.
`;

type Shape = Record<string, z.ZodType>;
interface Option {
  shape: Shape & { kind: z.ZodLiteral<string> };
}
const CONDITION_OPTIONS = (conditionSchema as unknown as z.ZodLazy<z.ZodType & { options: Option[] }>).unwrap().options;

const shapeOf = (options: readonly Option[], kind: string): Shape => {
  const option = options.find(({ shape }) => shape.kind.value === kind);
  if (!option) throw new Error(`no shape of the kind ${kind}`);
  return option.shape;
};

/** `docs/conditions-reference.md`: one row for each condition, and one for each operator. */
export const writeConditionsReference = (): string => {
  const rows = CONDITION_ROWS.map(({ kind, title, fits, rule, map }) => {
    const says = (rule[0] ?? map[0])?.says ?? {};
    const name = [code(kind), ...Object.entries(says).map(([key, value]) => code(`${key}: ${value}`))].join(' ');
    const parameters = showParameters(shapeOf(CONDITION_OPTIONS, kind), ['kind', ...Object.keys(says)]);
    return [name, title, parameters, showSpellings(rule), showSpellings(map), showFits(fits)];
  });
  const operators = FIELD_OPERATORS.map((op) => [
    code(op),
    codeOr(OPERATOR_WORDS[op] ?? null),
    OPERATOR_CODES[op].map(code).join(', '),
  ]);
  return [
    BEFORE_CONDITIONS,
    table(['name', 'condition', 'parameters', 'rule code', 'map key', 'object types'], rows),
    BEFORE_OPERATORS,
    table(['op', 'in rules', 'in maps'], operators),
  ].join('\n');
};

/** `docs/actions-reference.md`: one row for each action. */
export const writeActionsReference = (): string => {
  const rows = ACTION_ROWS.map(({ kind, title, fits, rule, mapTypes }) => [
    code(kind),
    title,
    showParameters(shapeOf(actionSchema.options as unknown as Option[], kind), ['kind']),
    showSpellings(rule),
    mapTypes.map(code).join(', '),
    showFits(fits),
  ]);
  const head = ['name', 'action', 'parameters', 'rule code', 'map types', 'object types'];
  return `${BEFORE_ACTIONS}\n${table(head, rows)}`;
};
