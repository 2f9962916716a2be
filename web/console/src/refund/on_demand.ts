// The refund comes when it is wanted: most who open a payment give nothing back.
import { lazy } from '../lazy';

export const RefundDialog = lazy(async () => (await import('./dialog')).RefundDialog);
