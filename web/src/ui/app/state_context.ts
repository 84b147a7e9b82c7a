import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import type { AppState } from '../../state/contract';

export const StateContext = createContext<AppState | null>(null);

export function useAppState(): AppState {
    const state = useContext(StateContext);
    if (state === null) throw new Error('There is no state around this component.');
    return state;
}
