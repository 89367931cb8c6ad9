// Every operation of the npm package memcached. Text only.
//
// Usage: node memcached.js HOST PORT text, with NODE_PATH naming the directory of the module; one line per operation,
// `ok <operation>` or `FAIL <operation>: <why>`; exit status 1 when one failed.
'use strict';
const assert = require('assert');
const util = require('util');
const Memcached = require('memcached');

const [host, port] = process.argv.slice(2);
const server = `${host}:${port}`;
// Its values are text, so that sizes are characters of one byte.
const SIZES = [0, 1, 10, 255, 1024, 1400, 4096, 16384, 65536, 262144, 1000000, 1048576 - 512];
let failures = 0;

function connect(options = {}) {
  const client = new Memcached(server, { timeout: 20000, ...options });
  const calls = {};
  for (const name of ['touch', 'get', 'gets', 'getMulti', 'set', 'replace', 'add', 'cas', 'append', 'prepend', 'incr', 'decr',
    'del', 'version', 'flush', 'stats', 'settings', 'slabs', 'items', 'cachedump']) {
    calls[name] = util.promisify(client[name]).bind(client);
  }
  return Object.assign(calls, { end: () => client.end() });
}

function valueOf(size) {
  return Array.from({ length: size }, (_, i) => String.fromCharCode(97 + ((i * 7 + size + (i >> 8)) % 26))).join('');
}

async function check(operation, expected, body) {
  try {
    assert.deepStrictEqual(await body(), expected);
    console.log('ok', operation);
  } catch (e) {
    failures++;
    console.log(`FAIL ${operation}: ${String(e && e.message).replace(/\n/g, ' ').slice(0, 200)}`);
  }
}

const isRefused = (promise) => promise.then((value) => value === false, () => true);

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function main() {
  const c = connect();
  await check('flush', [true], () => c.flush());
  await check('set short ttl', true, () => c.set('ttl', 'x', 1));
  await check('get miss', undefined, () => c.get('a'));
  await check('replace miss', true, () => isRefused(c.replace('a', '0', 0)));
  await check('add', true, () => c.add('a', '1', 0));
  await check('add exists', true, () => isRefused(c.add('a', '2', 0)));
  await check('replace', true, () => c.replace('a', '3', 0));
  await check('append', true, () => c.append('a', '4'));
  await check('prepend', true, () => c.prepend('a', '2'));
  await check('append miss', true, () => isRefused(c.append('nothere', '4')));
  await check('prepend miss', true, () => isRefused(c.prepend('nothere', '4')));
  await check('get', '234', () => c.get('a'));
  await check('getMulti', { a: '234', b: '5' }, async () => {
    await c.set('b', '5', 0);
    return { ...(await c.getMulti(['a', 'nothere', 'b'])) };
  });
  await check('getMulti of 1000', 1000, async () => {
    await Promise.all(Array.from({ length: 1000 }, (_, i) => c.set('k' + i, 'v' + i, 0)));
    return Object.keys(await c.getMulti(Array.from({ length: 1500 }, (_, i) => 'k' + i))).length;
  });
  await check('incr miss', false, () => c.incr('n', 1));
  await check('set number', 10, async () => {
    await c.set('n', 10, 0);
    return c.get('n');
  });
  await check('incr', 15, () => c.incr('n', 5));
  await check('decr', 8, () => c.decr('n', 7));
  await check('decr below zero', 0, () => c.decr('n', 100));
  await check('incr text', true, () => isRefused(c.set('text', 'abc', 0).then(() => c.incr('text', 1))));
  await check('touch', true, () => c.touch('a', 100));
  await check('touch miss', true, () => isRefused(c.touch('nothere', 100)));
  await check('del', true, () => c.del('a'));
  await check('del miss', true, () => isRefused(c.del('a')));
  await check('gets miss', undefined, () => c.gets('t'));
  await c.set('t', '1', 0);
  await check('gets', '1', async () => (await c.gets('t')).t);
  const token = async (client) => (await client.gets('t')).cas;
  const old = await token(c);
  await check('cas', true, () => c.cas('t', '2', old, 0));
  await check('cas stale', true, () => isRefused(c.cas('t', '3', old, 0)));
  await check('get after cas', '2', () => c.get('t'));
  const writers = [connect(), connect()];
  await check('cas race', 25, async () => {
    let rounds = 0;
    for (let round = 0; round < 25; round++) {
      const tokens = await Promise.all(writers.map(token));
      const lost = await Promise.all(writers.map((w, i) => isRefused(w.cas('t', `${round} of ${i}`, tokens[i], 0))));
      rounds += lost.filter((l) => !l).length === 1 ? 1 : 0;
    }
    return rounds;
  });
  await check('add race', 25, async () => {
    let rounds = 0;
    for (let round = 0; round < 25; round++) {
      await isRefused(c.del('race'));
      const lost = await Promise.all(writers.map((w, i) => isRefused(w.add('race', String(i), 0))));
      rounds += lost.filter((l) => !l).length === 1 ? 1 : 0;
    }
    return rounds;
  });
  await check('set long ttl', 'x', async () => {
    await c.set('e', 'x', 1000);
    return c.get('e');
  });
  await check('set expired', undefined, async () => {
    await c.set('e', 'x', -1);
    return c.get('e');
  });
  await check('touch away', undefined, async () => {
    await c.set('e', 'x', 0);
    await c.touch('e', -1);
    return c.get('e');
  });
  for (const size of SIZES) {
    await check(`set and get ${size}`, true, async () => {
      await c.set('size', valueOf(size), 0);
      return (await c.get('size')) === valueOf(size);
    });
  }
  const large = connect({ maxValue: 2 << 20 });
  await check('set too large', true, () => isRefused(large.set('size', 'x'.repeat(1048576 + 1), 0)));
  await check('get after too large', undefined, () => connect().get('size'));
  await check('unicode value', 'значение ☃ 😀', async () => {
    await c.set('u', 'значение ☃ 😀', 0);
    return c.get('u');
  });
  await check('unicode key', 'x', async () => {
    await c.set('ключ', 'x', 0);
    return c.get('ключ');
  });
  await check('object', { a: [1, 'zwei', null] }, async () => {
    await c.set('o', { a: [1, 'zwei', null] }, 0);
    return c.get('o');
  });
  await check('buffer', true, async () => {
    const bytes = Buffer.from([0, 13, 10, 69, 78, 68, 13, 10, 127]);
    await c.set('buffer', bytes, 0);
    return bytes.equals(await c.get('buffer'));
  });
  await check('key of 250', 'v', async () => {
    await c.set('k'.repeat(250), 'v', 0);
    return c.get('k'.repeat(250));
  });
  await check('key beyond 250 is digested', 'v', async () => {
    await c.set('k'.repeat(300), 'v', 0);
    return c.get('k'.repeat(300));
  });
  const spaced = connect({ namespace: 'app:' });
  await check('namespace', '1', async () => {
    await spaced.set('a', '1', 0);
    return c.get('app:a');
  });
  await check('stats', [], async () => {
    const [rows] = await c.stats();
    return ['pid', 'uptime', 'curr_items', 'evictions', 'threads'].filter((key) => !(key in rows));
  });
  await check('settings', true, async () => Object.keys((await c.settings())[0]).length > 10);
  await check('slabs', true, async () => Object.keys((await c.slabs())[0]).length > 0);
  await check('items', true, async () => Object.keys((await c.items())[0]).length > 0);
  await check('cachedump', true, async () => {
    const found = await c.cachedump(server, 1, 1);
    return JSON.stringify(found).includes('"key"');
  });
  await check('version', '1', async () => (await c.version())[0].major);
  await check('short ttl ends', true, async () => {
    for (let i = 0; i < 50; i++) {
      if ((await c.get('ttl')) === undefined) {
        return true;
      }
      await wait(100);
    }
    return false;
  });
  for (const client of [c, large, spaced, ...writers]) {
    client.end();
  }
}

main().then(() => process.exit(failures ? 1 : 0), (e) => {
  console.log('FAIL script:', e);
  process.exit(1);
});
