import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  labelled_by: string;
  class?: string;
  role?: 'alertdialog';
  on_close?: (() => void) | undefined; // absent: Esc does nothing
  children: ComponentChildren;
}

// A modal dialog; on a phone, a sheet from below. Focus goes back by itself when it closes.
export function Dialog({ labelled_by, class: name = '', role, on_close, children }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    box.current?.showModal();
    return () => { if (opener instanceof HTMLElement && opener.isConnected) opener.focus(); };
  }, []);
  return (
    <dialog
      ref={box}
      class={`dialog ${name}`}
      {...(role && { role })}
      aria-labelledby={labelled_by}
      onCancel={(event) => {
        event.preventDefault();
        on_close?.();
      }}
      onKeyDown={(event) => {
        // A second Esc would close it without asking us.
        if (event.key !== 'Escape') return;
        event.preventDefault();
        on_close?.();
      }}
    >
      {children}
    </dialog>
  );
}
