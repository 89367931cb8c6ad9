<?php
// Every operation of the memcached extension, which is libmemcached: text, binary and SASL; and PHP's sessions in it.
//
// Usage: php php-memcached.php HOST PORT text|binary|sasl [USER PASSWORD]; one line per operation, `ok <operation>` or
// `FAIL <operation>: <why>`; exit status 1 when one failed.
[, $host, $port, $dialect] = $argv;
[$user, $password] = $dialect === 'sasl' ? [$argv[4], $argv[5]] : [null, null];
$binary = $dialect !== 'text';
const SIZES = [0, 1, 10, 255, 1024, 1400, 4096, 16384, 65536, 262144, 1000000, 1048576 - 512];
const UNICODE = 'значение ☃ 😀';
$failures = 0;
ob_start(null, 1 << 16); // A session may start only before output.

function connect(array $options = []): Memcached
{
    global $host, $port, $binary, $user, $password;
    $m = new Memcached();
    $m->setOptions([
        Memcached::OPT_BINARY_PROTOCOL => $binary,
        Memcached::OPT_TCP_NODELAY => true,
        Memcached::OPT_COMPRESSION => false,
    ] + $options);
    foreach ($options as $option => $value) {
        $m->setOption($option, $value);
    }
    if ($user !== null) {
        $m->setSaslAuthData($user, $password);
    }
    $m->addServer($host, (int) $port);
    return $m;
}

function value_of(int $size): string
{
    return substr(str_repeat(hash('sha256', (string) $size, true), intdiv($size, 32) + 1), 0, $size);
}

function check(string $operation, callable $body, $expected = true): void
{
    global $failures;
    try {
        $actual = $body();
        $good = $actual === $expected;
        $why = 'got ' . substr(json_encode($actual, JSON_PARTIAL_OUTPUT_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE), 0, 160);
    } catch (Throwable $e) {
        $good = false;
        $why = 'raised ' . get_class($e) . ' ' . $e->getMessage();
    }
    if ($good) {
        echo "ok $operation\n";
    } else {
        $failures++;
        echo "FAIL $operation: ", str_replace("\n", ' ', $why), "\n";
    }
}

$c = connect();
$refused = fn($result, int $code) => $result === false && $c->getResultCode() === $code;
check('flush', fn() => $c->flush());
check('set short ttl', fn() => $c->set('ttl', 'x', 1));
check('get miss', fn() => $refused($c->get('a'), Memcached::RES_NOTFOUND));
check('get with callback', fn() => $c->get('a', function ($m, $key, &$value) {
    $value = 'made';
    return true;
}), 'made');
check('get what the callback made', fn() => $c->get('a'), 'made');
check('delete', fn() => $c->delete('a'));
check('delete miss', fn() => $refused($c->delete('a'), Memcached::RES_NOTFOUND));
check('replace miss', fn() => $c->replace('a', '0') === false);
check('add', fn() => $c->add('a', '1'));
check('add exists', fn() => $c->add('a', '2') === false);
check('replace', fn() => $c->replace('a', '3'));
check('append', fn() => $c->append('a', '4'));
check('prepend', fn() => $c->prepend('a', '2'));
check('append miss', fn() => $refused($c->append('nothere', '4'), Memcached::RES_NOTSTORED));
check('prepend miss', fn() => $refused($c->prepend('nothere', '4'), Memcached::RES_NOTSTORED));
check('get', fn() => $c->get('a'), '234');
check('setMulti', fn() => $c->setMulti(['m1' => 1, 'm2' => 'zwei', 'm3' => 3.5]));
check('getMulti', fn() => $c->getMulti(['m1', 'nothere', 'm2', 'm3']), ['m1' => 1, 'm2' => 'zwei', 'm3' => 3.5]);
check('getMulti in order', fn() => $c->getMulti(['m2', 'nothere', 'm1'], Memcached::GET_PRESERVE_ORDER),
    ['m2' => 'zwei', 'nothere' => null, 'm1' => 1]);
check('getMulti extended', fn() => is_int($c->getMulti(['m1'], Memcached::GET_EXTENDED)['m1']['cas']));
check('getMulti of 1000', function () use ($c) {
    $items = [];
    foreach (range(0, 999) as $i) {
        $items["k$i"] = "v$i";
    }
    $c->setMulti($items);
    return count($c->getMulti(array_map(fn($i) => "k$i", range(0, 1499))));
}, 1000);
check('deleteMulti', fn() => $c->deleteMulti(['m1', 'm3']), ['m1' => true, 'm3' => true]);
check('get after deleteMulti', fn() => $c->getMulti(['m1', 'm2', 'm3']), ['m2' => 'zwei']);
check('getDelayed and fetch', function () use ($c) {
    $c->getDelayed(['m2', 'nothere'], true);
    $item = $c->fetch();
    return [$item['key'], $item['value'], $item['cas'] > 0, $c->fetch()];
}, ['m2', 'zwei', true, false]);
check('getDelayed and fetchAll', function () use ($c) {
    $c->getDelayed(['m2', 'a']);
    $found = array_column($c->fetchAll(), 'value', 'key');
    ksort($found);
    return $found;
}, ['a' => '234', 'm2' => 'zwei']);
check('getDelayed with callback', function () use ($c) {
    $seen = [];
    $c->getDelayed(['m2'], false, function ($m, $item) use (&$seen) {
        $seen[] = $item['value'];
    });
    return $seen;
}, ['zwei']);
check('byKey', fn() => [$c->setByKey('s', 'bk', '1'), $c->getByKey('s', 'bk'), $c->addByKey('s', 'bk', '2'),
    $c->replaceByKey('s', 'bk', '3'), $c->appendByKey('s', 'bk', '4'), $c->prependByKey('s', 'bk', '2'),
    $c->touchByKey('s', 'bk', 100), $c->getMultiByKey('s', ['bk']), $c->setMultiByKey('s', ['bk2' => 'x']),
    $c->deleteMultiByKey('s', ['bk2']), $c->deleteByKey('s', 'bk')],
    [true, '1', false, true, true, true, true, ['bk' => '234'], true, ['bk2' => true], true]);
check('increment miss', fn() => $c->increment('n') === false);
check('increment', fn() => [$c->set('n', 10), $c->increment('n', 5)], [true, 15]);
check('decrement', fn() => $c->decrement('n', 7), 8);
check('decrement below zero', fn() => $c->decrement('n', 100), 0);
if ($binary) {
    check('increment creates', fn() => [$c->increment('n2', 1, 40, 100), $c->increment('n2', 2, 40, 100)], [40, 42]);
    check('decrement creates', fn() => [$c->decrement('n3', 1, 40), $c->decrement('n3', 2, 40)], [40, 38]);
    check('incrementByKey', fn() => [$c->incrementByKey('s', 'n4', 1, 5), $c->decrementByKey('s', 'n4', 2, 5)], [5, 3]);
}
check('increment text', fn() => [$c->set('text', 'abc'), $c->increment('text')], [true, false]);
check('touch', fn() => $c->touch('a', 100));
check('touch miss', fn() => $refused($c->touch('nothere', 100), Memcached::RES_NOTFOUND));

$token = fn(Memcached $m, string $key) => $m->get($key, null, Memcached::GET_EXTENDED)['cas'];
$c->set('cas', '1');
$first = $token($c, 'cas');
check('get extended', fn() => $first > 0);
check('cas', fn() => $c->cas($first, 'cas', '2'));
check('cas stale', fn() => $refused($c->cas($first, 'cas', '3'), Memcached::RES_DATA_EXISTS));
check('cas miss', fn() => $refused($c->cas($first, 'nothere', '3'), Memcached::RES_NOTFOUND));
check('casByKey', fn() => $c->casByKey($token($c, 'cas'), 's', 'cas', '4'));
check('cas race', function () use ($c, $token) {
    $writers = [connect(), connect()];
    foreach (range(1, 25) as $round) {
        $tokens = array_map(fn($w) => $token($w, 'cas'), $writers);
        $wins = 0;
        foreach ($writers as $i => $writer) {
            $wins += $writer->cas($tokens[$i], 'cas', "$round of $i") ? 1 : 0;
        }
        if ($wins !== 1) {
            return "$wins winners in round $round";
        }
    }
    return true;
});

check('set long ttl', fn() => [$c->set('e', 'x', 1000), $c->get('e')], [true, 'x']);
// Long ago; over binary -1 is a time in the year 2106.
$past = $binary ? 2592001 : -1;
check('set expired', fn() => [$c->set('e', 'x', $past), $c->get('e')], [true, false]);
check('touch away', fn() => [$c->set('e', 'x'), $c->touch('e', $past), $c->get('e')], [true, true, false]);
foreach (SIZES as $size) {
    check("set and get $size", fn() => $c->set('size', value_of($size)) && $c->get('size') === value_of($size));
}
check('set too large', fn() => $refused($c->set('size', str_repeat('x', 1024 * 1024 + 1)), Memcached::RES_E2BIG));
check('get after too large', fn() => connect()->get('size'), false);
foreach (['fastlz' => Memcached::COMPRESSION_FASTLZ, 'zlib' => Memcached::COMPRESSION_ZLIB] as $name => $kind) {
    $z = connect([Memcached::OPT_COMPRESSION => true, Memcached::OPT_COMPRESSION_TYPE => $kind]);
    check("compressed $name", fn() => [$z->set('z', str_repeat('again ', 10000)), $z->get('z')],
        [true, str_repeat('again ', 10000)]);
}
foreach (['php' => Memcached::SERIALIZER_PHP, 'json' => Memcached::SERIALIZER_JSON_ARRAY] as $name => $kind) {
    $s = connect([Memcached::OPT_SERIALIZER => $kind]);
    check("serialized $name", fn() => [$s->set('s', ['a' => [1, 'zwei']]), $s->get('s')], [true, ['a' => [1, 'zwei']]]);
}
foreach (['text' => UNICODE, 'int' => 42, 'float' => 0.5, 'true' => true, 'null' => null,
    'bytes' => implode('', array_map('chr', range(0, 255))) . "\r\nEND\r\n"] as $name => $value) {
    check("set and get $name", fn() => [$c->set('v', $value), $c->get('v')], [true, $value]);
}
check('unicode key', fn() => [$c->set('ключ', UNICODE), $c->getMulti(['ключ']), $c->delete('ключ')],
    $binary ? [true, ['ключ' => UNICODE], true] : [false, [], false]);
check('key of 250', fn() => [$c->set(str_repeat('k', 250), 'v'), $c->get(str_repeat('k', 250))], [true, 'v']);
check('key of 251', fn() => $c->set(str_repeat('k', 251), 'v'), false);
$p = connect([Memcached::OPT_PREFIX_KEY => 'app:']);
check('prefix', fn() => [$p->set('a', '1'), $p->get('a'), $c->get('app:a')], [true, '1', '1']);
$flags = connect([Memcached::OPT_USER_FLAGS => 7]);
check('user flags', fn() => [$flags->set('uf', 'x'), $flags->get('uf', null, Memcached::GET_EXTENDED)['flags']], [true, 7]);
check('buffered writes', function () {
    $b = connect([Memcached::OPT_BUFFER_WRITES => true]);
    foreach (range(1, 100) as $i) {
        $b->set("b$i", (string) $i);
    }
    return [$b->flushBuffers(), $b->get('b100')];
}, [true, '100']);
check('no block', function () {
    $n = connect([Memcached::OPT_NO_BLOCK => true]);
    return [$n->set('nb', '1'), $n->get('nb')];
}, [true, '1']);
if (!$binary) {
    check('noreply', function () use ($c) {
        $n = connect([Memcached::OPT_NOREPLY => true]);
        return [$n->set('nr', '1'), $n->append('nr', '2'), $n->delete('nothere'), $n->get('nr')];
    }, [true, true, true, '12']);
}
check('getStats', fn() => array_diff(['pid', 'uptime', 'curr_items', 'evictions'], array_keys(current($c->getStats()))), []);
foreach (['settings', 'items', 'slabs'] as $group) {
    check("getStats $group", fn() => count(current($c->getStats($group))) > 0);
}
check('getVersion', fn() => substr(current($c->getVersion()), 0, 2), '1.');
check('getServerByKey', fn() => $c->getServerByKey('a')['port'], (int) $port);
check('getServerList', fn() => count($c->getServerList()), 1);
check('short ttl ends', function () use ($c) {
    for ($i = 0; $i < 50; $i++) {
        if ($c->get('ttl') === false) {
            return true;
        }
        usleep(100000);
    }
    return false;
});

ini_set('session.save_handler', 'memcached');
ini_set('session.save_path', "$host:$port");
ini_set('session.use_cookies', '0');
ini_set('session.cache_limiter', '');
ini_set('memcached.sess_binary_protocol', $binary ? '1' : '0');
ini_set('memcached.sess_lock_wait_max', '10');
ini_set('memcached.sess_lock_wait_min', '10');
if ($user !== null) {
    ini_set('memcached.sess_sasl_username', $user);
    ini_set('memcached.sess_sasl_password', $password);
}
$open = function (string $id, bool $quiet = false): bool {
    session_id($id);
    return $quiet ? @session_start() : session_start();
};
check('session write', function () use ($open) {
    $open('karstsession');
    $_SESSION['cart'] = [1, 'two', UNICODE];
    return session_write_close();
});
check('session item', fn() => str_contains((string) $c->get('memc.sess.key.karstsession'), 'two'));
check('session read', function () use ($open) {
    $_SESSION = [];
    $open('karstsession');
    $cart = $_SESSION['cart'];
    session_abort();
    return $cart;
}, [1, 'two', UNICODE]);
check('session lock is let go', fn() => $c->get('memc.sess.key.lock.karstsession'), false);
check('session waits for a lock', function () use ($open, $c) {
    $c->set('memc.sess.key.lock.karstsession', '1', 30);
    $started = $open('karstsession', true);
    $c->delete('memc.sess.key.lock.karstsession');
    return $started;
}, false);
check('session regenerate', function () use ($open, $c) {
    $open('karstsession');
    session_regenerate_id(true);
    $id = session_id();
    session_write_close();
    return [$c->get('memc.sess.key.karstsession'), is_string($c->get("memc.sess.key.$id"))];
}, [false, true]);
check('session destroy', function () use ($open, $c) {
    $open('karstsession2');
    $_SESSION['a'] = 1;
    session_write_close();
    $open('karstsession2');
    session_destroy();
    return $c->get('memc.sess.key.karstsession2');
}, false);

if ($user !== null) {
    $stranger = new Memcached();
    $stranger->setOption(Memcached::OPT_BINARY_PROTOCOL, true);
    $stranger->setSaslAuthData($user, "not $password");
    $stranger->addServer($host, (int) $port);
    check('wrong password', fn() => $stranger->set('x', '1'), false);
    $nobody = new Memcached();
    $nobody->setOption(Memcached::OPT_BINARY_PROTOCOL, true);
    $nobody->addServer($host, (int) $port);
    check('no password', fn() => $nobody->set('x', '1'), false);
}
check('flush again', fn() => [$c->flush(), $c->get('a')], [true, false]);
check('quit', fn() => [$c->quit(), $c->get('a')], [true, false]);
exit($failures === 0 ? 0 : 1);
