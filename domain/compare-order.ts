import type { AmountOperator } from '../schemas/condition';

/** Whether an order of two things is the one that is asked for. @param order below 0: less; above: greater @throws never */
export function isInOrder(order: number, op: AmountOperator): boolean {
  switch (op) {
    case 'equals':
      return order === 0;
    case 'not-equals':
      return order !== 0;
    case 'greater':
      return order > 0;
    case 'less':
      return order < 0;
    case 'at-least':
      return order >= 0;
    case 'at-most':
      return order <= 0;
  }
}
