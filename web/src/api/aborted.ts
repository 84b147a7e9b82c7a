/** Whether it is by now: the type checker does not know that waiting changes it. */
export function isAborted(signal: AbortSignal): boolean {
    return signal.aborted;
}
