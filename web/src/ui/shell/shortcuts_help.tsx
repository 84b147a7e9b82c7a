import { t, type MessageKey } from '../../i18n';
import { Dialog } from '../dialogs/dialog';
import { keyNames, type ShortcutName, shortcutNames } from './shortcuts';

export function ShortcutsHelp({ onClose }: { onClose: () => void }) {
    return (
        <Dialog title={t('keyboard.title')} onClose={onClose}>
            <dl class="shortcuts">
                {shortcutNames.map((name) => (
                    <Shortcut key={name} name={name} />
                ))}
            </dl>
        </Dialog>
    );
}

function Shortcut({ name }: { name: ShortcutName }) {
    const key: MessageKey = `keyboard.${name}`;
    return (
        <div class="shortcut">
            <dt>{t(key)}</dt>
            <dd>
                {keyNames(name).map((part) => (
                    <kbd key={part}>{part}</kbd>
                ))}
            </dd>
        </div>
    );
}
