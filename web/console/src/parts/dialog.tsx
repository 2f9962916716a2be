import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  labelled_by: string;
  class?: string;
  role?: 'alertdialog';
  on_close?: (() => void) | undefined; // absent: Esc does nothing
  children: ComponentChildren;
}

// A modal dialog; on a phone, a sheet from below. Closing it gives the focus back to where it was.
export function Dialog({ labelled_by, class: name = '', role, on_close, children }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current!;
    const opener = document.activeElement;
    dialog.showModal();
    return () => {
      dialog.close();
      if (opener instanceof HTMLElement && document.activeElement === document.body) opener.focus();
    };
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
