import { useSignal } from '@preact/signals';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

import { t } from '../../i18n';
import { useAppState } from '../app/state_context';
import { useChat } from '../chat/chat_view';
import { isComposing } from '../common/composing';
import { narrow, touch } from '../common/media';
import { composerId, focusPlace, somethingIsOpen } from '../shell/places';
import { isShortcut, keysOf } from '../shell/shortcuts';
import { ComposerBar } from './composer_bar';
import { LengthNote } from './length_note';
import { tooLong } from './limits';
import { useAutosize } from './use_autosize';
import { useEditing } from './use_editing';

/** Where a person writes. */
export function Composer() {
    const { session } = useAppState();
    const { chat, busy } = useChat();
    const field = useRef<HTMLTextAreaElement>(null);
    const hint = useId();
    const why = useSignal<string | null>(null); // it was tried to send what can not be sent
    const early = useSignal(false); // it was tried to send before the chat was loaded
    const { editing, text, write, cancel, editLast } = useEditing(chat);
    useAutosize(field, text);

    useLayoutEffect(() => {
        if (!narrow.peek() && !touch.peek() && !somethingIsOpen()) focusPlace(composerId);
    }, [chat]);
    const status = chat.status.value;
    // At once, before the next key: what is changed afterwards was not meant.
    useLayoutEffect(() => {
        why.value = null;
    }, [text, chat, busy.value, status, why]);
    useLayoutEffect(() => {
        early.value = false;
    }, [text, chat, early]);

    const mayInterrupt = (chat.settings.value.on_busy ?? 'reject') !== 'reject' && editing === null;
    const obstacle = (): string | null => {
        if (session.status.value === 'needs_key') return t('composer.not_signed_in');
        if (status === 'failed') return t('composer.not_loaded');
        if (text.trim() === '') return t('composer.empty');
        if (busy.value && !mayInterrupt) return t('composer.busy');
        return tooLong(text) ? '' : null; // that it is too long is told anyway
    };

    const send = () => {
        why.value = obstacle();
        if (why.value !== null) return;
        if (status === 'loading') {
            early.value = true;
            return;
        }
        if (editing === null) {
            chat.draft.value = '';
            void chat.send(text);
        } else {
            void chat.edit(editing, text);
        }
    };

    useLayoutEffect(() => {
        if (!early.peek() || status === 'loading') return;
        early.value = false;
        // A reply that was not seen to be written is not interrupted.
        if (busy.peek()) why.value = t('composer.busy');
        else send();
    });

    const submit = (event: Event) => {
        event.preventDefault();
        send();
        field.current?.focus();
    };

    const pressed = (event: KeyboardEvent) => {
        if (isComposing(event)) return;
        if (isShortcut(event, 'send') && !touch.value) {
            submit(event);
        } else if (isShortcut(event, 'stop') && editing !== null) {
            event.preventDefault();
            cancel();
        } else if (isShortcut(event, 'edit_last') && text === '' && !busy.value && editLast()) {
            event.preventDefault();
        }
    };

    return (
        <form class="composer" onSubmit={submit}>
            <div class="composer-box">
                {editing !== null && (
                    <div class="composer-banner">
                        <p role="status">{t('composer.editing')}</p>
                        <button type="button" class="link-button" onClick={cancel}>
                            {t('composer.cancel_edit')}
                        </button>
                    </div>
                )}
                <textarea
                    ref={field}
                    id={composerId}
                    class="composer-text"
                    dir="auto"
                    rows={1}
                    aria-label={t('composer.label')}
                    aria-describedby={hint}
                    aria-invalid={tooLong(text) || undefined}
                    placeholder={t('composer.placeholder')}
                    value={text}
                    onInput={(event) => write(event.currentTarget.value)}
                    onKeyDown={pressed}
                />
                <ComposerBar
                    editing={editing !== null}
                    canSend={obstacle() === null}
                    maySendNow={!busy.value || mayInterrupt}
                />
            </div>
            <p id={hint} class="visually-hidden">
                {!touch.value && t('composer.hint', { enter: keysOf('send'), newline: keysOf('new_line') })}
            </p>
            <LengthNote text={text} />
            <p class="composer-why" role="status">
                {why.value}
            </p>
        </form>
    );
}
