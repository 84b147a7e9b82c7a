import type { LiveReply } from './contract';

/** Of a reply that the server has not told yet. */
export const sendingOnly: LiveReply = {
    messageId: null,
    phase: 'sending',
    ahead: null,
    loaded: null,
    modelName: null,
    text: '',
    reasoning: '',
};
