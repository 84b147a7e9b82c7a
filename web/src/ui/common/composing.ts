/**
 * Whether the key belongs to an input method that composes a character. Safari ends the composition before it tells of
 * the key that did so, and marks that key by its code alone (UI Events, §7.3.1: 229).
 */
export function isComposing(event: KeyboardEvent): boolean {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- Safari tells it in no other way
    return event.isComposing || event.keyCode === 229;
}
