const gap = 4; // px, between a menu and its button, and the least to the window's edge

/** Puts a floating element under the one it belongs to, or above where there is more room. */
export function placeBeside(floating: HTMLElement, owner: HTMLElement): void {
    const at = owner.getBoundingClientRect();
    const size = floating.getBoundingClientRect();
    const fitsBelow = at.bottom + gap + size.height <= window.innerHeight - gap;
    const top = fitsBelow ? at.bottom + gap : at.top - gap - size.height;
    const rightToLeft = getComputedStyle(owner).direction === 'rtl';
    const left = rightToLeft ? at.right - size.width : at.left;
    floating.style.top = `${Math.max(gap, top)}px`;
    floating.style.left = `${Math.max(gap, Math.min(left, window.innerWidth - size.width - gap))}px`;
}
