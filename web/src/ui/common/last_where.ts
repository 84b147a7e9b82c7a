/** The last one for which it holds; browsers and the types of ES2022 do not have `findLast` yet. */
export function lastWhere<Item>(items: readonly Item[], holds: (item: Item) => boolean): Item | undefined {
    for (let index = items.length - 1; index >= 0; index--) {
        const item = items[index];
        if (item !== undefined && holds(item)) return item;
    }
    return undefined;
}
