// What this browser remembers of a person's choices. A browser that refuses (private windows, a full disk) forgets.

export function kept(name: string): string | null {
    try {
        return localStorage.getItem(`parley.${name}`);
    } catch {
        return null;
    }
}

export function keep(name: string, value: string | null): void {
    try {
        if (value === null) localStorage.removeItem(`parley.${name}`);
        else localStorage.setItem(`parley.${name}`, value);
    } catch {
        // The choice holds until the page is left.
    }
}
