# Writes keys, waits for a line on stdin, and reads them again, through dalli.
require 'dalli'
require 'logger'

Dalli.logger = Logger.new(nil)
count = ARGV.shift.to_i
client = Dalli::Client.new(ARGV, raw: true)
keys = (0...count).map { |i| "key:#{i}" }
keys.each { |key| client.set(key, "value of #{key}") or abort "#{key} cannot be set" }
puts 'written'
$stdout.flush
$stdin.gets
keys.each do |key|
  begin
    puts(client.get(key) || '-')
  rescue Dalli::NetworkError
    retry
  end
end
