import type { InputHTMLAttributes, PartialInputHTMLAttributes } from 'preact';
import { t } from '../i18n';

interface FieldProps {
  name: string;
  label: string;
  error?: string | undefined;
  hint?: string;
  optional?: boolean;
  wide?: boolean;
  input: PartialInputHTMLAttributes<HTMLInputElement> & { type: 'text' | 'email' | 'tel' };
}

// A labelled input with its hint and its error, tied together for screen readers.
export function TextField({ name, label, error, hint, optional, wide, input }: FieldProps) {
  const about = [error && `${name}-error`, hint && `${name}-hint`].filter(Boolean).join(' ');
  return (
    <div class={`field ${wide ? 'field-wide' : ''}`}>
      <label for={name}>
        {label} {optional && <span class="fine">({t('optional')})</span>}
      </label>
      <input
        id={name}
        name={name}
        required={!optional}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={about || undefined}
        {...(input as InputHTMLAttributes)}
      />
      {hint && !error && <p class="fine" id={`${name}-hint`}>{hint}</p>}
      {error && <p class="field-error" id={`${name}-error`}>{error}</p>}
    </div>
  );
}
