import { useComputed, useSignalEffect } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';

import type { Model } from '../../api/types';
import { formatList, formatMoney, t } from '../../i18n';
import type { Models } from '../../state/contract';

interface ModelPickerProps {
    models: Models;
    /** Empty: the server's default. */
    value: string;
    onValue: (name: string) => void;
    error?: string | undefined;
}

const whileLoading = 3000; // ms between two looks at a model that is being loaded

/** The models with what a person chooses by: whether they are up, how much they read, what they can do and cost. */
export function ModelPicker({ models, value, onValue, error }: ModelPickerProps) {
    const group = useId();
    useFreshModels(models);
    const all = models.all.value;
    const standard = all.find((model) => model.default);
    const known = all.length > 0;
    const absent = value !== '' && !all.some((model) => model.name === value);
    const choose = { group, value, onValue };

    return (
        <fieldset class="models" aria-describedby={error ? `${group}-error` : undefined}>
            <legend>{t('settings.model')}</legend>
            <div class="models-list">
                <ModelChoice {...choose} name="" title={t('settings.model_default')}>
                    <p class="field-hint">
                        {standard
                            ? t('settings.model_default_is', { name: standard.name })
                            : t('settings.model_default_hint')}
                    </p>
                </ModelChoice>
                {absent && (
                    <ModelChoice {...choose} name={value} title={value}>
                        {known && <p class="field-error">{t('settings.model_absent')}</p>}
                    </ModelChoice>
                )}
                {all.map((model) => (
                    <ModelChoice
                        {...choose}
                        key={model.name}
                        name={model.name}
                        title={model.name}
                        state={model.state}
                    >
                        <ModelFacts model={model} currency={models.currency.value} />
                    </ModelChoice>
                ))}
            </div>
            {error && (
                <p class="field-error" id={`${group}-error`}>
                    {error}
                </p>
            )}
        </fieldset>
    );
}

function useFreshModels(models: Models): void {
    useEffect(() => {
        void models.refresh();
    }, [models]);
    const loading = useComputed(() => models.all.value.some((model) => model.state === 'loading'));
    useSignalEffect(() => {
        if (!loading.value) return;
        const timer = setInterval(() => void models.refresh(), whileLoading);
        return () => {
            clearInterval(timer);
        };
    });
}

interface ModelChoiceProps {
    group: string;
    value: string;
    onValue: (name: string) => void;
    name: string;
    title: string;
    state?: Model['state'];
    children: preact.ComponentChildren;
}

function ModelChoice({ group, value, onValue, name, title, state, children }: ModelChoiceProps) {
    const id = useId();
    return (
        <div class="model">
            <input
                id={id}
                type="radio"
                name={group}
                checked={name === value}
                aria-describedby={`${id}-facts`}
                onChange={() => onValue(name)}
            />
            <div class="model-text">
                <div class="model-head">
                    <label for={id}>
                        <bdi>{title}</bdi>
                    </label>
                    {state && <ModelState state={state} />}
                </div>
                <div id={`${id}-facts`} class="model-facts">
                    {children}
                </div>
            </div>
        </div>
    );
}

function ModelState({ state }: { state: Model['state'] }) {
    return <span class={`badge model-${state}`}>{t(`settings.state_${state}`)}</span>;
}

function ModelFacts({ model, currency }: { model: Model; currency: string }) {
    return (
        <>
            {model.description && (
                <p>
                    <bdi>{model.description}</bdi>
                </p>
            )}
            {model.problem && <p class="field-error">{model.problem}</p>}
            <ul class="facts">
                {model.context_window > 0 && (
                    <li>{t('settings.context_window', { count: model.context_window })}</li>
                )}
                <Abilities abilities={model.abilities} />
                <Price price={model.price} currency={currency} />
            </ul>
            {model.kind === 'route' ? (
                <Targets targets={model.targets} />
            ) : (
                model.targets.map((target) => <TargetState key={target.name} target={target} />)
            )}
        </>
    );
}

function Abilities({ abilities }: { abilities: Model['abilities'] }) {
    const names = (['tools', 'structured_output', 'images'] as const)
        .filter((ability) => abilities[ability])
        .map((ability) => t(`settings.ability_${ability}`));
    return names.length > 0 && <li>{t('settings.abilities', { list: formatList(names) })}</li>;
}

function Price({ price, currency }: { price: Model['price']; currency: string }) {
    if (price === null) return null;
    return (
        <li>
            {t('settings.price', {
                input: formatMoney(price.input, currency),
                output: formatMoney(price.output, currency),
            })}
        </li>
    );
}

/** The models that a route asks, in its order, and which of them it spares for now. */
function Targets({ targets }: { targets: Model['targets'] }) {
    return (
        <ol class="targets" aria-label={t('settings.targets')}>
            {targets.map((target) => (
                <li key={target.name}>
                    <bdi>{target.name}</bdi> <ModelState state={target.state} />{' '}
                    <TargetState target={target} />
                </li>
            ))}
        </ol>
    );
}

/** What is more than that it is up: it is spared after failures, or replies are under way. */
function TargetState({ target: { breaker, running } }: { target: Model['targets'][number] }) {
    return (
        <>
            {breaker !== 'closed' && (
                <span class="badge model-failed">{t(`settings.breaker_${breaker}`)}</span>
            )}{' '}
            {running > 0 && <span class="muted">{t('settings.running', { count: running })}</span>}
        </>
    );
}
