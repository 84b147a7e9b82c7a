// What axe finds, of that which counts: serious and critical.
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';

import type { Screen } from './screen';

const levels = ['serious', 'critical'];

export async function expectAccessible(ui: Screen, state: string): Promise<void> {
    const found = await new AxeBuilder({ page: ui.page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
    const grave = found.violations
        .filter((one) => levels.includes(one.impact ?? ''))
        .map(
            (one) =>
                `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`,
        );
    expect(grave, `axe on ${state}`).toEqual([]);
}
