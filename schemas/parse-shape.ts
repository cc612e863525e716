import type { z } from 'zod';

/** A shape that values can be checked against. */
export type Shape<T> = z.ZodType<T>;

/** What a shape makes of a value, or what is wrong; nesting that no reader survives is a problem like others. @throws never */
export function parseShape<T>(shape: Shape<T>, value: unknown): { value: T } | { problem: string } {
  try {
    const parsed = shape.safeParse(value);
    if (parsed.success) return { value: parsed.data };
    const [issue] = parsed.error.issues;
    return { problem: `its ${issue?.path.join('.') || 'kind'} is not right: ${issue?.message}` };
  } catch {
    return { problem: 'it is nested too deeply' };
  }
}
