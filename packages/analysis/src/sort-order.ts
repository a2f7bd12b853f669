/**
 * Comparator by several keys, the first difference deciding. Text is compared by code unit, so that the order is
 * the same in every language and on every machine.
 */
export function byKeys<T>(keysOf: (item: T) => readonly (string | number)[]): (left: T, right: T) => number {
  return (left, right) => {
    const rightKeys = keysOf(right);
    for (const [index, leftKey] of keysOf(left).entries()) {
      const rightKey = rightKeys[index];
      if (rightKey === undefined || leftKey === rightKey) continue;
      return leftKey < rightKey ? -1 : 1;
    }
    return 0;
  };
}
