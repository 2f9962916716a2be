// The proxy that the environment names (main.mjs).
import { through } from './through.mjs';

through(process.env.PROXY);
