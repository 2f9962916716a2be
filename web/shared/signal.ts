// A value that views can watch: the little of a state library that the pages need.
import { useEffect, useState } from 'preact/hooks';

export interface Signal<T> {
  get(): T;
  set(value: T): void;
  watch(listener: () => void): () => void;
}

export function signal_of<T>(value: T): Signal<T> {
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      listeners.forEach((listener) => listener());
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function use_signal<T>(signal: Signal<T>): T {
  const [value, set_value] = useState(signal.get);
  useEffect(() => {
    // It may have changed since this was drawn, when nobody was watching yet.
    set_value(signal.get);
    return signal.watch(() => set_value(signal.get));
  }, [signal]);
  return value;
}
