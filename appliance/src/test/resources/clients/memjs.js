// Every operation of memjs: binary and SASL.
//
// Usage: node memjs.js HOST PORT binary|sasl [USER PASSWORD], with NODE_PATH naming the directory of the module; one line
// per operation, `ok <operation>` or `FAIL <operation>: <why>`; exit status 1 when one failed.
'use strict';
const assert = require('assert');
const memjs = require('memjs');

const [host, port, dialect, user, password] = process.argv.slice(2);
const server = `${host}:${port}`;
const SIZES = [0, 1, 10, 255, 1024, 1400, 4096, 16384, 65536, 262144, 1000000, 1048576 - 512];
const silent = { log() {} };
let failures = 0;

function connect(options = {}) {
  const login = dialect === 'sasl' ? { username: user, password } : {};
  return memjs.Client.create(server, { timeout: 20, logger: silent, ...login, ...options });
}

function valueOf(size) {
  return Buffer.from({ length: size }, (_, i) => (i * 7 + size + (i >> 8)) & 255);
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
  const text = async (key) => {
    const { value } = await c.get(key);
    return value === null ? null : value.toString();
  };
  const stats = (key) => new Promise((resolve, reject) =>
    c.statsWithKey(key, (err, name, rows) => (err ? reject(err) : resolve(rows))));

  // Several requests in flight on one connection from the start: they must wait for the login, and keep their order.
  await check('at once', [true, true, true], () => Promise.all(['1', '2', '3'].map((v) => c.set('o' + v, v, {}))));
  await check('flush', { [server]: true }, () => new Promise((resolve, reject) =>
    c.flush((err, results) => (err ? reject(err) : resolve(results)))));
  await check('get after flush', null, () => text('o1'));
  await check('set short ttl', true, () => c.set('ttl', 'x', { expires: 1 }));
  await check('get miss', { value: null, flags: null }, () => c.get('a'));
  await check('replace miss', true, () => isRefused(c.replace('a', '0', {})));
  await check('add', true, () => c.add('a', '1', {}));
  await check('add exists', true, () => isRefused(c.add('a', '2', {})));
  await check('replace', true, () => c.replace('a', '3', {}));
  await check('append', true, () => c.append('a', '4'));
  await check('prepend', true, () => c.prepend('a', '2'));
  await check('append miss', true, () => isRefused(c.append('nothere', '4')));
  await check('prepend miss', true, () => isRefused(c.prepend('nothere', '4')));
  // This version's prepend sends an append.
  await check('get', '342', () => text('a'));
  await check('set with callback', true, () => new Promise((resolve, reject) =>
    c.set('cb', 'v', {}, (err, stored) => (err ? reject(err) : resolve(stored)))));
  await check('increment creates', { success: true, value: 10 }, () => c.increment('n', 5, { initial: 10 }));
  await check('increment', { success: true, value: 15 }, () => c.increment('n', 5, {}));
  await check('decrement', { success: true, value: 8 }, () => c.decrement('n', 7, {}));
  await check('decrement below zero', { success: true, value: 0 }, () => c.decrement('n', 100, {}));
  await check('decrement creates', { success: true, value: 7 }, () => c.decrement('n2', 1, { initial: 7 }));
  await check('increment text', true, () => isRefused(c.increment('a2', 1, {}).then(() => c.set('a2', 'abc', {}))
    .then(() => c.increment('a2', 1, {}))));
  await check('touch', true, () => c.touch('a', 100));
  await check('touch miss', true, () => isRefused(c.touch('nothere', 100)));
  await check('delete', true, () => c.delete('a'));
  await check('delete miss', true, () => isRefused(c.delete('a')));
  const writers = [connect(), connect()];
  await check('add race', 25, async () => {
    let rounds = 0;
    for (let round = 0; round < 25; round++) {
      await c.delete('race');
      const lost = await Promise.all(writers.map((w, i) => isRefused(w.add('race', String(i), {}))));
      rounds += lost.filter((l) => !l).length === 1 ? 1 : 0;
    }
    return rounds;
  });
  await check('increments of two', 200, async () => {
    await c.set('sum', '0', {});
    await Promise.all(writers.map((w) => Promise.all(Array.from({ length: 100 }, () => w.increment('sum', 1, {})))));
    return Number(await text('sum'));
  });
  await check('many at once', 1000, async () => {
    await Promise.all(Array.from({ length: 1000 }, (_, i) => c.set('k' + i, 'v' + i, {})));
    const values = await Promise.all(Array.from({ length: 1000 }, (_, i) => text('k' + i)));
    return values.filter((value, i) => value === 'v' + i).length;
  });
  await check('set long ttl', 'x', async () => {
    await c.set('e', 'x', { expires: 1000 });
    return text('e');
  });
  await check('set with absolute exptime', null, async () => {
    await c.set('e', 'x', { expires: 2592001 });
    return text('e');
  });
  await check('touch into the past', null, async () => {
    await c.set('e', 'x', {});
    await c.touch('e', 2592001);
    return text('e');
  });
  for (const size of SIZES) {
    await check(`set and get ${size}`, true, async () => {
      await c.set('size', valueOf(size), {});
      return valueOf(size).equals((await c.get('size')).value);
    });
  }
  await check('set too large', true, () => isRefused(c.set('size', Buffer.alloc(1048576 + 1), {})));
  await check('get after too large', null, () => text('size'));
  await check('unicode value', 'значение ☃ 😀', async () => {
    await c.set('u', 'значение ☃ 😀', {});
    return text('u');
  });
  await check('unicode key', 'x', async () => {
    await c.set('ключ', 'x', {});
    return text('ключ');
  });
  await check('key of 250', 'v', async () => {
    await c.set('k'.repeat(250), 'v', {});
    return text('k'.repeat(250));
  });
  await check('key of 251', true, () => isRefused(connect({ retries: 1 }).set('k'.repeat(251), 'v', {})));
  await check('stats', [], async () => {
    const rows = await stats('');
    return ['pid', 'uptime', 'curr_items', 'evictions', 'threads'].filter((key) => !(key in rows));
  });
  for (const group of ['settings', 'items', 'slabs']) {
    await check(`stats ${group}`, true, async () => Object.keys(await stats(group)).length > 0);
  }
  await check('resetStats', true, () => new Promise((resolve, reject) =>
    c.resetStats((err) => (err ? reject(err) : resolve(true)))));
  await check('short ttl ends', true, async () => {
    for (let i = 0; i < 50; i++) {
      if ((await text('ttl')) === null) {
        return true;
      }
      await wait(100);
    }
    return false;
  });
  if (dialect === 'sasl') {
    await check('wrong password', true, () => isRefused(connect({ password: 'not ' + password, retries: 1 }).set('x', '1', {})));
    await check('no password', true, () =>
      isRefused(connect({ username: undefined, password: undefined, retries: 1 }).set('x', '1', {})));
  }
  const quitter = connect();
  await check('quit', 'v', async () => {
    await quitter.set('q', 'v', {});
    quitter.quit();
    return text('q');
  });
  c.close();
}

main().then(() => process.exit(failures ? 1 : 0), (e) => {
  console.log('FAIL script:', e);
  process.exit(1);
});
