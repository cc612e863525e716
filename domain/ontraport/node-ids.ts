const ELEMENT_ID = /^[a-zA-Z][a-zA-Z0-9_-]{0,39}$/;
const NUMBER = /^\d{1,30}$/;

/**
 * Ids of elements for the ids of nodes: `n5` for 5, the same where it fits, else a new one.
 *
 * @param nodeIds in the order of the nodes; of equal ones the later are new
 * @returns one id for each, all different
 * @throws never
 */
export function elementIdsOf(nodeIds: readonly string[]): string[] {
  const taken = new Set<string>();
  return nodeIds.map((nodeId, index) => {
    const wanted = NUMBER.test(nodeId) ? `n${nodeId}` : nodeId;
    let id = ELEMENT_ID.test(wanted) ? wanted : `x${index}`;
    while (taken.has(id)) id = `x${index}_${taken.size}`;
    taken.add(id);
    return id;
  });
}

/** The id of a node for an element: 5 for `n5`. @throws never */
export const nodeIdOf = (elementId: string): string => {
  const number = elementId.slice(1);
  return elementId.startsWith('n') && NUMBER.test(number) ? number : elementId;
};
