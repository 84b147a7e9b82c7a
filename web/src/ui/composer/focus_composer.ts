import { touch } from '../common/media';
import { composerId, focusPlace } from '../shell/places';

/** Back to where one writes, from a button that is gone now. A keyboard on glass would cover the chat. */
export function focusComposer(): void {
    if (!touch.peek()) focusPlace(composerId);
}
