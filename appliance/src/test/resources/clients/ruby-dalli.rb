# Every operation of dalli: binary and SASL.
#
# Usage: ruby ruby-dalli.rb HOST PORT binary|sasl [USER PASSWORD]; one line per operation, `ok <operation>` or
# `FAIL <operation>: <why>`; exit status 1 when one failed.
require 'logger'
require 'dalli'

HOST, PORT, DIALECT, USER, PASSWORD = ARGV
SERVER = "#{HOST}:#{PORT}"
SIZES = [0, 1, 10, 255, 1024, 1400, 4096, 16_384, 65_536, 262_144, 1_000_000, 1_048_576 - 512].freeze
Dalli.logger = Logger.new(IO::NULL)
$failures = 0

def value_of(size)
  Random.new(size).bytes(size)
end

def connect(options = {})
  login = DIALECT == 'sasl' ? { username: USER, password: PASSWORD } : {}
  Dalli::Client.new(SERVER, { socket_timeout: 20, compress: false }.merge(login, options))
end

def check(operation, expected = true)
  actual = yield
  return puts("ok #{operation}") if expected === actual

  fail_with(operation, "got #{actual.inspect[0, 160]}")
rescue StandardError => e
  fail_with(operation, "raised #{e.class} #{e.message[0, 160]}")
end

def fail_with(operation, why)
  $failures += 1
  puts "FAIL #{operation}: #{why}".tr("\n", ' ')
end

def raises?(kind)
  yield
  false
rescue kind
  true
end

# Whether of two writers exactly one wins, each round. A writer is what it reads before and what it then writes.
def one_winner?(writers, rounds = 25)
  rounds.times.all? do |round|
    prepared = writers.map { |prepare, _| prepare.call }
    gate = Queue.new
    threads = writers.each_with_index.map do |(_, write), index|
      Thread.new do
        gate.pop
        write.call("round #{round} of #{index}", prepared[index]) ? 1 : 0
      end
    end
    writers.each { gate << :go }
    threads.sum(&:value) == 1
  end
end

c = connect
check('flush_all') { c.flush_all.all? }
check('set short ttl') { c.set('ttl', 'x', 1) > 0 }
check('touch short ttl') { c.set('touched', 'x') && c.touch('touched', 1) }
check('gat short ttl', 'x') { c.set('gat', 'x') && c.gat('gat', 1) }
check('get miss', nil) { c.get('a') }
check('replace miss', nil) { c.replace('a', '0') && c.get('a') }
check('add') { c.add('a', '1') > 0 }
check('add exists') { !c.add('a', '2') }
check('replace') { c.replace('a', '3') > 0 }
check('get', '3') { c.get('a') }
check('append', '34') { c.set('r', '3', nil, raw: true) && c.append('r', '4') && c.get('r') }
check('prepend', '234') { c.prepend('r', '2') && c.get('r') }
check('append miss') { !c.append('nothere', '4') }
check('prepend miss') { !c.prepend('nothere', '4') }
check('fetch', [1, 2]) { c.fetch('f') { [1, 2] } }
check('fetch again', [1, 2]) { c.fetch('f') { raise 'asked again' } }
check('get_multi', { 'a' => '3', 'f' => [1, 2] }) { c.get_multi('a', 'nothere', 'f') }
check('get_multi of 1000', 1000) do
  c.multi { 1000.times { |i| c.set("k#{i}", "v#{i}") } }
  c.get_multi((0...1500).map { |i| "k#{i}" }).size
end
check('get_multi with block', %w[a f]) do
  found = []
  c.get_multi('a', 'f') { |key, _| found << key }
  found.sort
end
check('quiet add, replace, delete', ['1', '5', nil]) do
  c.set('q2', 'x')
  c.set('q3', 'x')
  c.multi do
    c.add('q1', '1')
    c.add('q1', '2')
    c.replace('q2', '5')
    c.replace('nothere', '5')
    c.delete('q3')
  end
  %w[q1 q2 q3].map { |key| c.get(key) }
end
check('incr miss', nil) { c.incr('n') }
check('incr creates', 10) { c.incr('n', 5, 0, 10) }
check('incr', 15) { c.incr('n', 5) }
check('decr', 8) { c.decr('n', 7) }
check('decr below zero', 0) { c.decr('n', 100) }
check('decr miss', nil) { c.decr('n2') }
check('decr creates', 7) { c.decr('n2', 1, 0, 7) }
check('incr wraps', 1) { c.incr('n3', 1, 0, 18_446_744_073_709_551_615) && c.incr('n3', 2) }
check('incr text') { c.set('text', 'abc', nil, raw: true) && raises?(Dalli::DalliError) { c.incr('text') } }
check('touch') { c.touch('a', 100) }
check('touch miss', nil) { c.touch('nothere', 100) }
check('gat', '3') { c.gat('a', 100) }
check('gat miss', nil) { c.gat('nothere', 100) }
check('delete') { c.delete('a') }
check('delete miss') { !c.delete('a') }

check('cas miss', nil) { c.cas('cas') { raise 'asked' } }
check('cas! miss') { c.cas!('cas') { '1' } && c.get('cas') == '1' }
check('cas') { c.cas('cas') { |value| "#{value}2" } && c.get('cas') == '12' }
check('cas changed meanwhile') do
  !c.cas('cas') do
    connect.set('cas', 'other')
    'mine'
  end
end
check('get_cas') do
  value, token = c.get_cas('cas')
  value == 'other' && token > 0
end
check('get_multi_cas') { c.get_multi_cas('cas', 'nothere').then { |found| found.keys == ['cas'] && found['cas'][1] > 0 } }
check('set_cas') { c.set_cas('cas', '3', c.get_cas('cas')[1]) > 0 }
check('set_cas stale') { !c.set_cas('cas', '4', 1) }
check('replace_cas') { c.replace_cas('cas', '5', c.get_cas('cas')[1]) > 0 }
check('replace_cas stale') { !c.replace_cas('cas', '6', 1) }
check('delete_cas stale') { !c.delete_cas('cas', 1) && c.get('cas') == '5' }
check('delete_cas') { c.delete_cas('cas', c.get_cas('cas')[1]) && c.get('cas').nil? }
c.set('race', '0')
writers = [connect, connect]
check('cas race') do
  one_winner?(writers.map { |w| [-> { w.get_cas('race')[1] }, ->(v, token) { w.set_cas('race', v, token) }] })
end
check('add race') { one_winner?(writers.map { |w| [-> { w.delete('race') }, ->(v, _) { w.add('race', v) }] }) }

check('set long ttl', 'x') { c.set('e', 'x', 1000) && c.get('e') }
# The client turns it into an absolute time.
check('set ttl beyond a month', 'y') { c.set('e', 'y', 2_592_001) && c.get('e') }

SIZES.each do |size|
  check("set and get #{size}") { c.set('size', value_of(size), nil, raw: true) && c.get('size', raw: true) == value_of(size) }
end
check('set too large') { raises?(Dalli::ValueOverMaxSize) { c.set('size', 'x' * (1024 * 1024 + 1), nil, raw: true) } }
zipped = connect(compress: true)
check('compressed', 'again ' * 10_000) { zipped.set('z', 'again ' * 10_000) && zipped.get('z') }
{ 'text' => 'значение ☃ 😀', 'list' => [1, 'zwei', 3.0], 'hash' => { a: 1 }, 'symbol' => :a,
  'bytes' => (0..255).map(&:chr).join + "\r\nEND\r\n" }.each do |name, value|
  check("set and get #{name}", value) { c.set('v', value) && c.get('v') }
end
check('unicode key', 'x') { c.set('ключ', 'x') && c.get('ключ') }
check('unicode keys of many', { 'ключ' => 'x' }) { c.get_multi('ключ', '鍵').transform_keys { |k| k.dup.force_encoding('UTF-8') } }
check('key of 250', 'v') { c.set('k' * 250, 'v') && c.get('k' * 250) }
check('key beyond 250 is digested', 'v') { c.set('k' * 300, 'v') && c.get('k' * 300) }
spaced = connect(namespace: 'app')
check('namespace', '1') { spaced.set('a', '1', nil, raw: true) && c.get('app:a') }
check('namespace of many', { 'a' => '1' }) { spaced.get_multi('a', 'b') }
check('cache_nils', nil) { connect(cache_nils: true).then { |n| n.set('nil', nil) && n.fetch('nil') { 'asked again' } } }

check('stats') { (%w[pid uptime curr_items evictions threads] - c.stats.values.first.keys).empty? }
%i[items slabs settings].each { |group| check("stats #{group}") { c.stats(group).values.first.any? } }
check('reset_stats') { c.reset_stats.all? }
check('version', /\A1\./) { c.version.values.first }
check('alive!') { !c.alive!.nil? }
check('with', 'v') { c.with { |same| same.get('k' * 250) } }
check('close', 'v') do
  c.close
  c.get('k' * 250)
end
%w[ttl touched gat].each { |key| check("short ttl of #{key} ends") { 50.times.any? { c.get(key).nil? || !sleep(0.1) } } }
check('flush', nil) { c.flush && c.get('f') }
if DIALECT == 'sasl'
  check('wrong password') { raises?(Dalli::DalliError) { connect(password: "not #{PASSWORD}").set('x', '1') } }
  check('no password') { raises?(Dalli::DalliError) { connect(username: nil, password: nil).set('x', '1') } }
end
exit($failures.zero? ? 0 : 1)
