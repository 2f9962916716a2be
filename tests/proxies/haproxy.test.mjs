// The API, payments and both notifications through HAProxy with deploy/haproxy.cfg.
import { through } from './through.mjs';

through('haproxy');
