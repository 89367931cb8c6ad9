# Every operation of Cache::Memcached::Fast, answered, with noreply and with nowait. Text only.
#
# Usage: perl libcache-memcached-fast-perl.pl HOST PORT text; one line per operation, `ok <operation>` or
# `FAIL <operation>: <why>`; exit status 1 when one failed.
use strict;
use warnings;
use utf8;
use Cache::Memcached::Fast;
use IO::Uncompress::Gunzip;
use IO::Compress::Gzip;
binmode STDOUT, ':encoding(UTF-8)';

my ($host, $port) = @ARGV;
my $failures = 0;

sub connect_to {
    return Cache::Memcached::Fast->new({servers => [{address => "$host:$port"}], io_timeout => 20, @_});
}

sub shown {
    my ($value) = @_;
    return 'undef' unless defined $value;
    return '[' . join(', ', map { shown($_) } @$value) . ']' if ref $value eq 'ARRAY';
    return '{' . join(', ', map { "$_: " . shown($value->{$_}) } sort keys %$value) . '}' if ref $value eq 'HASH';
    return $value;
}

sub check {
    my ($operation, $expected, $body) = @_;
    my $actual = eval { $body->() };
    my $why = $@ ? "died: $@" : 'got ' . substr(shown($actual), 0, 160);
    if (!$@ && shown($actual) eq shown($expected)) {
        print "ok $operation\n";
    } else {
        $failures++;
        $why =~ tr/\n/ /;
        print "FAIL $operation: $why\n";
    }
}

sub value_of {
    my ($size) = @_;
    return substr(join('', map { chr(($_ * 7 + $size) % 256) } 0 .. 1022) x ($size / 1023 + 1), 0, $size);
}

my $c = connect_to();
check('flush_all', 1, sub { (values %{$c->flush_all})[0] });
check('set short ttl', 1, sub { $c->set('ttl', 'x', 1) });
check('get miss', undef, sub { $c->get('a') });
check('replace miss', '', sub { $c->replace('a', '0') });
check('add', 1, sub { $c->add('a', '1') });
check('add exists', '', sub { $c->add('a', '2') });
check('replace', 1, sub { $c->replace('a', '3') });
check('append', 1, sub { $c->append('a', '4') });
check('prepend', 1, sub { $c->prepend('a', '2') });
check('append miss', '', sub { $c->append('nothere', '4') });
check('prepend miss', '', sub { $c->prepend('nothere', '4') });
check('get', '234', sub { $c->get('a') });
check('set_multi', [1, 1, 1], sub { [$c->set_multi(['m1', '1'], ['m2', '2', 100], ['m3', '3'])] });
check('add_multi', ['', 1], sub { [$c->add_multi(['m1', 'x'], ['m4', '4'])] });
check('replace_multi', [1, ''], sub { [$c->replace_multi(['m1', '5'], ['nothere', 'x'])] });
check('append_multi', [1, ''], sub { [$c->append_multi(['m1', '6'], ['nothere', 'x'])] });
check('prepend_multi', [1, ''], sub { [$c->prepend_multi(['m1', '4'], ['nothere', 'x'])] });
check('get_multi', {m1 => '456', m2 => '2', m4 => '4'}, sub { $c->get_multi('m1', 'nothere', 'm2', 'm4') });
check('get_multi of 1000', 1000, sub {
    $c->set_multi(map { ["k$_", "v$_"] } 0 .. 999);
    scalar keys %{$c->get_multi(map { "k$_" } 0 .. 1499)};
});
check('delete_multi', [1, '', 1], sub { [$c->delete_multi('m1', 'nothere', 'm3')] });
check('get after delete_multi', {m2 => '2'}, sub { $c->get_multi('m1', 'm2', 'm3') });
check('incr miss', '', sub { $c->incr('n') });
check('incr', 15, sub { $c->set('n', 10); $c->incr('n', 5) });
check('decr', 8, sub { $c->decr('n', 7) });
check('decr below zero', '0', sub { 0 + $c->decr('n', 100) });
check('incr_multi', [1, 2, ''], sub { $c->set_multi(['n1', 0], ['n2', 0]); [$c->incr_multi('n1', ['n2', 2], 'nothere')] });
check('decr_multi', [0, 1], sub { [map { 0 + $_ } $c->decr_multi('n1', 'n2')] });
check('incr text', undef, sub { $c->set('text', 'abc'); $c->incr('text') });
check('touch', 1, sub { $c->touch('a', 100) });
check('touch miss', '', sub { $c->touch('nothere', 100) });
check('touch_multi', [1, ''], sub { [$c->touch_multi(['a', 100], ['nothere', 100])] });
check('gat', '234', sub { $c->gat(100, 'a') });
check('gat_multi', {a => '234'}, sub { $c->gat_multi(100, 'a', 'nothere') });
check('gats', '234', sub { $c->gats(100, 'a')->[1] });
check('gats_multi', '234', sub { $c->gats_multi(100, 'a', 'nothere')->{a}[1] });
check('delete', 1, sub { $c->delete('a') });
check('delete miss', '', sub { $c->delete('a') });
check('remove', 1, sub { $c->set('a', 1); $c->remove('a') });

check('gets miss', undef, sub { $c->gets('cas') });
$c->set('cas', '1');
my $first = $c->gets('cas');
check('gets', '1', sub { $first->[1] });
check('cas', 1, sub { $c->cas('cas', $first->[0], '2') });
check('cas stale', '', sub { $c->cas('cas', $first->[0], '3') });
check('cas miss', '', sub { $c->cas('nothere', $first->[0], '3') });
check('gets_multi', '2', sub { $c->gets_multi('cas', 'nothere')->{cas}[1] });
check('cas_multi', [1, ''], sub {
    [$c->cas_multi(['cas', $c->gets('cas')->[0], '4'], ['nothere', 1, 'x'])];
});
my @writers = (connect_to(), connect_to());
check('cas race', 25, sub {
    my $rounds = 0;
    for my $round (1 .. 25) {
        my @read = map { $_->gets('cas') } @writers;
        my $wins = grep { $writers[$_]->cas('cas', $read[$_][0], "$round of $_") } 0 .. 1;
        $rounds++ if $wins == 1;
    }
    $rounds;
});

check('set long ttl', 'x', sub { $c->set('e', 'x', 1000); $c->get('e') });
check('set expired', undef, sub { $c->set('e', 'x', -1); $c->get('e') });
check('touch away', undef, sub { $c->set('e', 'x'); $c->touch('e', -1); $c->get('e') });
check('gat away', ['x', undef], sub { $c->set('e', 'x'); [$c->gat(-1, 'e'), scalar $c->get('e')] });
for my $size (0, 1, 10, 255, 1024, 1400, 4096, 16384, 65536, 262144, 1000000, 1048576 - 512) {
    check("set and get $size", 1, sub { $c->set('size', value_of($size)) && $c->get('size') eq value_of($size) });
}
my $large = connect_to(max_size => 2 << 20);
check('set too large', 1, sub { !$large->set('size', 'x' x (1024 * 1024 + 1)) });
check('get after too large', undef, sub { connect_to()->get('size') });
my $zipped = connect_to(compress_threshold => 100,
    compress_methods => [\&IO::Compress::Gzip::gzip, \&IO::Uncompress::Gunzip::gunzip]);
check('compressed', 'again ' x 10000, sub { $zipped->set('z', 'again ' x 10000); $zipped->get('z') });
check('structure', {a => [1, 'zwei']}, sub { $c->set('s', {a => [1, 'zwei']}); $c->get('s') });
check('bytes', join('', map { chr } 0 .. 255) . "\r\nEND\r\n",
    sub { $c->set('b', join('', map { chr } 0 .. 255) . "\r\nEND\r\n"); $c->get('b') });
my $wide = connect_to(utf8 => 1);
check('unicode value', 'значение ☃ 😀', sub { $wide->set('u', 'значение ☃ 😀'); $wide->get('u') });
check('unicode key', 'x', sub { my $key = 'ключ'; utf8::encode($key); $c->set($key, 'x'); $c->get($key) });
check('key of 250', 'v', sub { $c->set('k' x 250, 'v'); $c->get('k' x 250) });
check('key of 251', undef, sub { $c->set('k' x 251, 'v'); scalar $c->get('k' x 251) });
my $spaced = connect_to(namespace => 'app:');
check('namespace', ['1', {a => '1'}], sub { $spaced->set('a', '1'); [$c->get('app:a'), $spaced->get_multi('a')] });

my $silent = Cache::Memcached::Fast->new({servers => [{address => "$host:$port", noreply => 1}], io_timeout => 20});
check('noreply', ['234', '4', 'end'], sub {
    $silent->set('r', '1');
    $silent->add('r', 'x');
    $silent->replace('r', '3');
    $silent->append('r', '4');
    $silent->prepend('r', '2');
    $silent->set('rn', '5');
    $silent->incr('rn', 1);
    $silent->decr('rn', 2);
    $silent->touch('rn', 100);
    $silent->delete('nothere');
    my @values = map { $silent->get($_) } 'r', 'rn';
    [@values, 'end'];
});
my $hasty = connect_to(nowait => 1);
check('nowait', [99, 99], sub {
    $hasty->set("w$_", $_) for 0 .. 99;
    $hasty->nowait_push;
    [$hasty->get('w99'), scalar $c->get('w99')];
});
check('server_versions', 1, sub { (values %{$c->server_versions})[0] =~ /^1\./ ? 1 : 0 });
check('short ttl ends', 1, sub {
    for (1 .. 50) {
        return 1 unless defined $c->get('ttl');
        select undef, undef, undef, 0.1;
    }
    return 0;
});
check('disconnect_all', '2', sub { $c->disconnect_all; $c->get('m2') });
check('flush_all noreply', undef, sub { $silent->flush_all; scalar $silent->get('m2') });
exit($failures ? 1 : 0);
