// Copying, which the page does for messages, code and keys.

/** Whether `text` is in the clipboard now. */
export async function copyText(text: string): Promise<boolean> {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        return copyBySelection(text);
    }
}

/** Without TLS a browser has no `navigator.clipboard`, and many a server at home has no TLS. */
function copyBySelection(text: string): boolean {
    const focused = document.activeElement;
    const area = document.createElement('textarea');
    area.value = text;
    area.readOnly = true;
    area.className = 'visually-hidden';
    area.style.whiteSpace = 'pre'; // that class has lines run on, and what is copied is what is laid out
    // Beside an open dialog nothing can have the focus.
    const dialogs = document.querySelectorAll('dialog[open]');
    (dialogs[dialogs.length - 1] ?? document.body).append(area);
    area.focus();
    area.select();
    let done = false;
    try {
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else is there without TLS
        done = document.execCommand('copy');
    } catch {
        done = false;
    }
    area.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
    return done;
}
