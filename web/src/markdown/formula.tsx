// Formulas: KaTeX reads them when the first one is shown. Until then, and where it cannot read one, the source is shown.
import { Component, type ComponentChildren, type VNode } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';

import { t } from '../i18n';
import { lazy } from './lazy';
import { maxFormula } from './limits';
import type { MathRenderer } from './math_tree';
import { shown } from './text';

export const mathRenderer = lazy<MathRenderer>(async () => (await import('./math_tree')).renderMath);

interface Props {
    tex: string;
    raw: string;
    display: boolean;
    /** It is still being written. */
    open: boolean;
    /** It stands for itself, not in a paragraph. */
    block?: boolean;
}

export function Formula(props: Props) {
    return (
        <Guard fallback={<Source {...props} />} key={props.tex}>
            <Rendered {...props} />
        </Guard>
    );
}

function Rendered(props: Props) {
    const { tex, display, open } = props;
    const wanted = !open && tex.length <= maxFormula;
    useEffect(() => {
        if (wanted) mathRenderer.want();
    }, [wanted]);
    const render = wanted ? mathRenderer.loaded.value : null;
    const math = useMemo(() => render?.(tex, display) ?? null, [render, tex, display]);
    if (math === null) return <Source {...props} />;
    if (!display) return <span class="formula">{math}</span>;
    const Box = props.block === true ? 'div' : 'span';
    return (
        <Box class="formula-display" role="group" aria-label={t('markdown.formula')} tabIndex={0}>
            {math}
        </Box>
    );
}

function Source({ raw, display, block = false }: Props) {
    const code = (
        <code class={display ? 'formula-source formula-source-display' : 'formula-source'} dir="ltr">
            {shown(raw.trim())}
        </code>
    );
    return block ? <p dir="ltr">{code}</p> : code;
}

/** A formula that cannot be drawn takes nothing else with it. */
class Guard extends Component<{ fallback: VNode; children: VNode }, { failed: boolean }> {
    override state = { failed: false };

    static override getDerivedStateFromError(): { failed: boolean } {
        return { failed: true };
    }

    override render(): ComponentChildren {
        return this.state.failed ? this.props.fallback : this.props.children;
    }
}
