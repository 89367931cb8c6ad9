# Sets the keys on stdin to 1 through dalli.
require 'dalli'
require 'logger'

Dalli.logger = Logger.new(nil)
client = Dalli::Client.new(ARGV.map { |word| word.sub('=', ':') }, raw: true)
$stdin.each_line do |line|
  key = line.chomp
  begin
    client.set(key, '1') or abort "dalli: #{key} cannot be set"
  rescue Dalli::NetworkError
    retry
  end
end
puts "dalli #{Dalli::VERSION}"
