const numbers = new WeakMap<object, number>();
let next = 1;

/** A number that stands for this very object, for keys. (A chat's messages stay the same object when it gets its id.) */
export function numberOf(object: object): number {
    const known = numbers.get(object);
    if (known !== undefined) return known;
    numbers.set(object, next);
    return next++;
}
