import { webcrypto } from 'node:crypto';
import { take_random_from } from './key.js';

take_random_from(webcrypto);

export * from './index.js';
