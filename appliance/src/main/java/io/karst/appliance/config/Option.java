package io.karst.appliance.config;

import static io.karst.appliance.config.Argument.ADDRESSES;
import static io.karst.appliance.config.Argument.BYTES;
import static io.karst.appliance.config.Argument.CHARACTER;
import static io.karst.appliance.config.Argument.DECIMAL;
import static io.karst.appliance.config.Argument.FILE;
import static io.karst.appliance.config.Argument.MEBIBYTES;
import static io.karst.appliance.config.Argument.NUMBER;
import static io.karst.appliance.config.Argument.OCTAL;
import static io.karst.appliance.config.Argument.OPTIONAL_NUMBER;
import static io.karst.appliance.config.Argument.SUB_OPTIONS;
import static io.karst.appliance.config.Argument.TEXT;
import static io.karst.appliance.config.Row.longOnly;
import static io.karst.appliance.config.Row.option;
import static io.karst.appliance.config.Row.sub;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every option Karst understands, one row each: memcached 1.6.45's letters, long names and {@code -o} names with their
 * meanings and defaults, then our own. Parser, {@code --help}, README table, {@code docs/operate/options.md}, man page,
 * commented configuration file and {@code stats settings} are all made from these rows; after a change here run the
 * command that {@code OptionDocsTest} prints. Source of memcached's columns: {@code memcached -h} and
 * {@code stats settings} of 1.6.18, the option list of 1.6.45, and PROTOCOL.md.
 */
public enum Option {
    PORT(option('p', "port")
            .in(Topic.NETWORK)
            .takes(NUMBER, "11211")
            .from(-1)
            .to(65_535)
            .stat("tcpport")
            .means("TCP port")
            .more("0 switches TCP off, -1 takes any free port. With MEMCACHED_PORT_FILENAME in the environment the"
                    + " ports in use are written to that file.")),
    UDP_PORT(option('U', "udp-port")
            .in(Topic.NETWORK)
            .takes(NUMBER, "0")
            .from(-1)
            .to(65_535)
            .stat("udpport")
            .means("UDP port, 0 for none")
            .more("Given without -p, a UDP port moves the TCP port to the same number, as in memcached. UDP has no"
                    + " logins and believes every sender address: never open it to the internet.")),
    UNIX_SOCKET(option('s', "unix-socket")
            .in(Topic.NETWORK)
            .takes(FILE, "none")
            .stat("domain_socket")
            .means("listen on this unix socket, and on no network address")),
    UNIX_MASK(option('a', "unix-mask")
            .in(Topic.NETWORK)
            .takes(OCTAL, "700")
            .from(0)
            .to(0_777)
            .stat("umask")
            .means("access bits of the unix socket, in octal")),
    LISTEN(option('l', "listen")
            .in(Topic.NETWORK)
            .takes(ADDRESSES, "127.0.0.1")
            .stat("inter")
            .means("addresses to listen on, with or without a port")
            .more("Several addresses are separated by commas, or -l is repeated. IPv6 addresses that carry a port stand"
                    + " in brackets: [::1]:11212. An asterisk means every address; the prefixes notls:, btls: and"
                    + " mtls: are explained at -Z."
                    + " memcached listens on every address unless told otherwise; Karst listens on 127.0.0.1, and"
                    + " warns once at start when it can be reached from elsewhere without a login.")),
    ADMIN(sub("admin")
            .ours()
            .in(Topic.NETWORK)
            .takes(ADDRESSES, "none")
            .stat("admin")
            .means("address of the admin port: metrics, health and console over HTTP")
            .more(
                    "Off unless given. 9150 is that port of 127.0.0.1, and 9150 is also the port of an address without one;"
                            + " else it is written as for -l, and with -Z it speaks TLS like those. Anywhere but on the loopback"
                            + " interface it needs -o admin_token. docs/operate/monitor.md lists what it answers.")),
    MEMORY_LIMIT(option('m', "memory-limit")
            .in(Topic.MEMORY)
            .takes(MEBIBYTES, "64")
            .unit("MiB")
            .from(1L << 20)
            .to(1L << 44)
            .stat("maxbytes")
            .means("memory for items, in MiB")
            .more("Index, free lists and headers are inside this figure: memory for items is all that Karst maps for"
                    + " them. Also understood: 512m, 4g. Karst refuses to start when this, the Java heap and the"
                    + " network buffers do not fit the machine or its control group.")),
    DISABLE_EVICTIONS(option('M', "disable-evictions")
            .in(Topic.MEMORY)
            .stat("evictions")
            .means("answer an error when memory is full; evict nothing")
            .more("The same as -o eviction=none.")),
    MAX_ITEM_SIZE(option('I', "max-item-size")
            .in(Topic.MEMORY)
            .takes(BYTES, "1m")
            .unit("bytes")
            .from(1 << 10)
            .to(1 << 30)
            .stat("item_size_max")
            .means("largest item")
            .more("At most half of the memory limit. Larger items are refused with SERVER_ERROR object too large for"
                    + " cache. A value is received whole before it is stored, and copied whole before it is sent, so that"
                    + " above 32m the network buffers may take two items more than their usual 256 MiB.")),
    LARGE_PAGES(option('L', "enable-largepages")
            .in(Topic.MEMORY)
            .stat("pre_touch")
            .means("touch all item memory at start")
            .more("Start takes longer and no first write waits for the kernel. Huge pages are used with or without it:"
                    + " the karst script asks for them where the kernel allows it, unless KARST_HUGE_PAGES=0 is in the"
                    + " environment.")),
    LOCK_MEMORY(option('k', "lock-memory")
            .in(Topic.MEMORY)
            .stat("lock_memory")
            .means("lock item memory, so that it never goes to swap")
            .more("As much as -m says is there from the start. The process needs the right to: LimitMEMLOCK=infinity in"
                    + " the service, which the package brings, ulimit -l, or root. Without it Karst says so in one line"
                    + " and goes on, as memcached does.")),
    LARGE_SHARE(sub("large")
            .ours()
            .in(Topic.MEMORY)
            .takes(NUMBER, String.valueOf(Settings.DEFAULT_LARGE_PERCENT))
            .unit("percent")
            .from(0)
            .to(90)
            .stat("large_percent")
            .means("share of the memory limit kept for large items, in percent")
            .more("Large items, above about 16 KiB, live in an arena of their own, so that storing one does not push"
                    + " out a thousand small ones. The share is fixed while Karst runs: 90 and 90% mean the same. It is"
                    + " more than this where -I asks for it, since one item of that size always fits, and two do while"
                    + " they are within 40 percent.")),
    ITEM_SIZE_HINT(sub("item_size")
            .ours()
            .in(Topic.MEMORY)
            .takes(BYTES, String.valueOf(Settings.DEFAULT_ITEM_SIZE_HINT))
            .unit("bytes")
            .from(16)
            .to(16 << 10)
            .stat("item_size_hint")
            .means("expected size of a typical item, key and value together")
            .more("Sets how much of the memory limit the index takes. A wrong guess costs a few per cent of memory, not"
                    + " correctness.")),
    EVICTION(sub("eviction")
            .ours()
            .in(Topic.MEMORY)
            .oneOf("density", "density", "clock", "lru", "lfu", "random", "none")
            .stat("eviction_policy")
            .means("what goes when memory is full: density, clock, lru, lfu, random or none")
            .more(
                    "density: of eight places the one where the fewest hits per byte would be lost. clock: a hand passes over"
                            + " the items in address order and spares those read since its last visit. lru: what was read"
                            + " longest ago. lfu: what was read least often. random: anything. none: nothing goes, and sets"
                            + " are refused. The command eviction <policy> changes it while the server runs.")),
    CONN_LIMIT(option('c', "conn-limit")
            .in(Topic.CONNECTIONS)
            .takes(NUMBER, "1024")
            .from(1)
            .stat("maxconns")
            .means("most connections at one time")
            .more("One more is told ERROR Too many open connections, and closed.")),
    MAXCONNS_FAST(sub("maxconns_fast")
            .in(Topic.CONNECTIONS)
            .takes(Argument.FLAG, "yes")
            .stat("maxconns_fast")
            .means("refuse connections over the limit at once, which is the default")),
    NO_MAXCONNS_FAST(sub("no_maxconns_fast")
            .in(Topic.CONNECTIONS)
            .means("let connections over the limit wait until another one closes")
            .more("They wait in the kernel, as many as -b says. stats shows accepting_conns 0 meanwhile.")),
    CONNS_PER_ADDRESS(
            sub("maxconns_per_address")
                    .ours()
                    .in(Topic.CONNECTIONS)
                    .takes(NUMBER, "0")
                    .from(0)
                    .stat("maxconns_per_address")
                    .means("most connections at one time from one address; 0 for any number")
                    .more(
                            "One more is refused as over -c, and counted as rejected_per_address. Unix sockets have no address.")),
    THREADS(option('t', "threads")
            .in(Topic.CONNECTIONS)
            .takes(NUMBER, "4")
            .from(1)
            .to(1024)
            .stat("num_threads")
            .means("event loops that serve requests")
            .more("As many as there are cores is plenty.")),
    MAX_REQS_PER_EVENT(option('R', "max-reqs-per-event")
            .in(Topic.CONNECTIONS)
            .takes(NUMBER, "20")
            .from(1)
            .stat("reqs_per_event")
            .means("requests of one connection served before it is another's turn")),
    LISTEN_BACKLOG(option('b', "listen-backlog")
            .in(Topic.CONNECTIONS)
            .takes(NUMBER, "1024")
            .from(0)
            .stat("tcp_backlog")
            .means("connections that may wait to be accepted")
            .more("The kernel's net.core.somaxconn is a second limit.")),
    IDLE_TIMEOUT(sub("idle_timeout")
            .in(Topic.CONNECTIONS)
            .takes(NUMBER, "0")
            .unit("seconds")
            .from(0)
            .stat("idle_timeout")
            .means("close a connection that was silent for so many seconds; 0 for never")),
    PEERS(sub("peers")
            .ours()
            .in(Topic.PEERS)
            .takes(FILE, "none")
            .stat("peers")
            .means("file of the nodes that copy their items to each other")
            .more("A line each: RING-NAME ADDRESS:PORT [WEIGHT [HOST]], the ring name exactly as clients hash it, then"
                    + " where the node receives copies (UDP). The same file, in the same order, on every node.")),
    PEER_NAME(sub("peer_name")
            .ours()
            .in(Topic.PEERS)
            .takes(TEXT, "none")
            .stat("peer_name")
            .means("the ring name of this node in the peers file")),
    PLACEMENT(sub("placement")
            .ours()
            .in(Topic.PEERS)
            .oneOf("ring-rebuild", "spy-redistribute", "ring-rebuild", "ring-rebuild-xmemcached", "rendezvous", "dalli")
            .stat("placement")
            .means("whose clients use the nodes: where they look next is where copies go")
            .more("spy-redistribute for spymemcached, ring-rebuild for libmemcached, pylibmc and PHP,"
                    + " ring-rebuild-xmemcached, rendezvous for pymemcache, dalli. karst ring shows it.")),
    REPLICAS(sub("replicas")
            .ours()
            .in(Topic.PEERS)
            .takes(NUMBER, "3")
            .from(1)
            .to(8)
            .stat("replicas")
            .means("on how many nodes each item is, the first included; on all when there are fewer")),
    PEER_KEY(sub("peer_key")
            .ours()
            .in(Topic.PEERS)
            .takes(FILE, "none")
            .stat("peer_key")
            .means("file of the key that all peers share; what goes between them is sealed with it")
            .more("At least 16 random bytes in hexadecimal, as openssl rand -hex 32 makes them. Needed as soon as an"
                    + " address in the peers file is not a loopback one.")),
    INSECURE_PEERS(sub("insecure_peers")
            .ours()
            .in(Topic.PEERS)
            .stat("insecure_peers")
            .means("send copies in clear over a network, and believe whoever sends some")),
    WARMUP_MAX(sub("warmup_max")
            .ours()
            .in(Topic.PEERS)
            .takes(NUMBER, "30")
            .unit("seconds")
            .from(0)
            .to(86_400)
            .stat("warmup_max")
            .means("how long a starting node fetches from its peers before it listens, at most")),
    CONSISTENCY(sub("consistency")
            .ours()
            .in(Topic.PEERS)
            .oneOf("one", "one", "quorum", "all")
            .stat("consistency")
            .means("on how many of its nodes a write must be before it is answered, unless the request says")
            .more("A meta request says it by a token: Lone, Lquorum, Lall, Lany. Reads are at ONE unless they say.")),
    LEVEL_TIMEOUT(sub("level_timeout")
            .ours()
            .in(Topic.PEERS)
            .takes(NUMBER, "1000")
            .unit("milliseconds")
            .from(1)
            .to(60_000)
            .stat("level_timeout")
            .means("how long a request above level one waits for peers, in milliseconds")),
    ANTI_ENTROPY(sub("anti_entropy")
            .ours()
            .in(Topic.PEERS)
            .takes(NUMBER, "60")
            .unit("seconds")
            .from(1)
            .to(86_400)
            .stat("anti_entropy")
            .means("how often everything is compared with each peer, in seconds")),
    IO_URING(sub("io_uring")
            .ours()
            .in(Topic.CONNECTIONS)
            .stat("io_uring")
            .means("do network input and output through io_uring")
            .more("Default is epoll, or Java's own selector where epoll is missing.")),
    PROTOCOL(option('B', "protocol")
            .in(Topic.COMMANDS)
            .oneOf("auto", "auto", "ascii", "binary")
            .stat("binding_protocol")
            .means("protocol to speak: auto, ascii or binary")
            .more("auto looks at a connection's first byte.")),
    DISABLE_CAS(option('C', "disable-cas")
            .in(Topic.COMMANDS)
            .stat("cas_enabled")
            .means("hand out no CAS tokens")
            .more("Saves no memory here: the token is also the item's version.")),
    DISABLE_FLUSH_ALL(option('F', "disable-flush-all")
            .in(Topic.COMMANDS)
            .stat("flush_enabled")
            .means("refuse flush_all")),
    DISABLE_DUMPING(option('X', "disable-dumping")
            .in(Topic.COMMANDS)
            .stat("dump_enabled")
            .means("refuse the commands that list keys")
            .more("stats cachedump, stats hotkeys and lru_crawler metadump.")),
    DISABLE_WATCH(option('W', "disable-watch")
            .in(Topic.COMMANDS)
            .stat("watch_enabled")
            .means("refuse the watch command")),
    ENABLE_SHUTDOWN(option('A', "enable-shutdown")
            .in(Topic.COMMANDS)
            .stat("shutdown_command")
            .means("let clients stop the server with the shutdown command")),
    PREFIX_DELIMITER(option('D', "prefix-delimiter")
            .in(Topic.COMMANDS)
            .takes(CHARACTER, ":")
            .stat("stat_key_prefix")
            .means("character that ends a key's prefix in stats detail")
            .more("Giving it switches the counting per prefix on; otherwise stats detail on does. memcached has the"
                    + " letter only, the long name is ours.")),
    TRACK_SIZES(sub("track_sizes").in(Topic.COMMANDS).stat("track_sizes").means("count item sizes for stats sizes")),
    DEBUG_COMMANDS(sub("debug_commands")
            .ours()
            .in(Topic.COMMANDS)
            .stat("debug_commands")
            .means("answer commands meant for tests, such as debugtime")),
    ENABLE_SASL(option('S', "enable-sasl")
            .in(Topic.SECURITY)
            .stat("auth_enabled_sasl")
            .means("require a SASL login")
            .more("Binary protocol only: PLAIN and SCRAM-SHA-256, users as in -o sasl_users. The fifth wrong login ends"
                    + " a connection.")),
    SASL_USERS(sub("sasl_users")
            .ours()
            .in(Topic.SECURITY)
            .takes(FILE, Settings.DEFAULT_SASL_USERS)
            .stat("sasl_users")
            .means("file of the users of -S, with hashed passwords")
            .more("Made and changed with karst passwd. A change is found within a second, or at once by SIGHUP.")),
    AUTH_FILE(option('Y', "auth-file")
            .in(Topic.SECURITY)
            .takes(FILE, "none")
            .stat("auth_enabled_ascii")
            .means("file with one user:password per line, for text logins")
            .more("A client must first set any key to \"user password\"; until then it gets CLIENT_ERROR"
                    + " unauthenticated. Text protocol only. At most 8 users; the file is read again at SIGHUP. The"
                    + " fifth wrong login ends a connection.")),
    ADMIN_TOKEN(sub("admin_token")
            .ours()
            .in(Topic.SECURITY)
            .takes(FILE, "none")
            .stat("admin_token")
            .means("file with the bearer token of the admin port")
            .more("Its first line, at least 32 characters: openssl rand -hex 32 makes one. Once given, everything but"
                    + " /livez, /readyz and the empty console asks for it, on the loopback interface, too. The file is"
                    + " read again at SIGHUP.")),
    ENABLE_SSL(option('Z', "enable-ssl")
            .in(Topic.SECURITY)
            .stat("ssl_enabled")
            .means("speak TLS")
            .more("On every TCP address but those of -l with the prefix notls:. btls: is TLS without certificates of"
                    + " clients, mtls: TLS with them, whatever ssl_verify_mode says. Needs ssl_chain_cert. The files"
                    + " are read again at SIGHUP and by the command refresh_certs.")),
    SSL_CHAIN_CERT(tls("ssl_chain_cert", FILE, "none").means("certificate chain, PEM")),
    SSL_KEY(tls("ssl_key", FILE, "none")
            .means("private key, when it is not in the chain file")
            .more("Unencrypted: PKCS#8, or the older forms of RSA and EC keys.")),
    SSL_VERIFY_MODE(tls("ssl_verify_mode", NUMBER, "0")
            .from(0)
            .to(3)
            .means("ask for the client's certificate: 0 no, 1 ask, 2 require, 3 require once")
            .more("3 is as 2: nobody is asked twice on one connection. 1 to 3 need ssl_ca_cert.")),
    SSL_KEYFORMAT(tls("ssl_keyformat", NUMBER, "1").from(1).to(2).means("format of the key file: 1 PEM, 2 DER")),
    SSL_CIPHERS(tls("ssl_ciphers", TEXT, "none")
            .means("ciphers to offer to TLS 1.2, separated by colons")
            .more("OpenSSL's names or Java's, but none of OpenSSL's keywords such as HIGH. TLS 1.3 always offers its"
                    + " own, as in memcached.")),
    SSL_CA_CERT(tls("ssl_ca_cert", FILE, "none").means("authorities that may sign a client's certificate, PEM")),
    SSL_WBUF_SIZE(
            tls("ssl_wbuf_size", NUMBER, "16").unit("KiB").ignored().means("TLS output buffer per connection, in KiB")),
    SSL_SESSION_CACHE(
            tls("ssl_session_cache", Argument.FLAG, "no").means("let clients resume sessions from a server cache")),
    SSL_KERNEL_TLS(tls("ssl_kernel_tls", Argument.FLAG, "no").ignored().means("let the kernel encrypt")),
    SSL_MIN_VERSION(tls("ssl_min_version", NUMBER, "2")
            .from(0)
            .to(3)
            .means("oldest TLS accepted: 0 for 1.0, 1 for 1.1, 2 for 1.2, 3 for 1.3")
            .more("Java has nothing older than 1.2: 0 and 1 mean 2.")),
    HLOG(measuring("hlog", FILE, "none")
            .means("directory for latency logs; made when it is not there")
            .more("HdrHistogram's log format V1.3, one line per interval and kind of command, for karst latency and the"
                    + " tools that read such logs. A thread of its own writes them: a disk that is full or gone costs log"
                    + " lines and nothing else; hlog_written and hlog_failures in stats count intervals.")),
    HLOG_INTERVAL(measuring("hlog_interval", NUMBER, "10")
            .unit("seconds")
            .from(1)
            .to(86_400)
            .means("seconds per interval of the latency log")),
    HLOG_SIZE(measuring("hlog_size", BYTES, "16m")
            .unit("bytes")
            .from(1 << 10)
            .to(1L << 40)
            .means("size at which the next file of the latency log begins")),
    HLOG_FILES(measuring("hlog_files", NUMBER, "10")
            .from(1)
            .to(10_000)
            .means("files of the latency log to keep; the oldest goes")),
    HOTKEYS(measuring("hotkeys", NUMBER, String.valueOf(Settings.DEFAULT_HOT_KEYS))
            .from(0)
            .to(1024)
            .means("counters per event loop for stats hotkeys; 0 for none")
            .more(
                    "One use of a key in sixty-four is counted. Every key that makes up more than one in so many of them is"
                            + " found; each counter takes 600 bytes.")),
    SLOW_LOG(measuring("slow_log", NUMBER, "0")
            .unit("microseconds")
            .from(0)
            .to(60_000_000)
            .means("enter bursts slower than so many microseconds; 0 for none")
            .more("stats slow shows them, with hashes in place of keys. It reads the clock once more per burst.")),
    SLOW_LOG_SECRET(measuring("slow_log_secret", FILE, "none")
            .means("file with the secret under which slow_log hashes keys")
            .more("Its first line. Without it the secret is drawn at start, and the same key has another hash then.")),
    SLO_READ_P99(measuring("slo_read_p99", NUMBER, "10")
            .unit("milliseconds")
            .from(1)
            .to(60_000)
            .means("target of stats slo: 99 % of gets within so many ms")),
    SLO_WRITE_P99(measuring("slo_write_p99", NUMBER, "50")
            .unit("milliseconds")
            .from(1)
            .to(60_000)
            .means("target of stats slo: 99 % of writes within so many ms")),
    SLO_HIT_RATIO(measuring("slo_hit_ratio", NUMBER, "80")
            .unit("percent")
            .from(0)
            .to(100)
            .means("target of stats slo: gets that hit, in percent, at least")),
    SLO_STORAGE(measuring("slo_storage", NUMBER, "80")
            .unit("percent")
            .from(0)
            .to(100)
            .means("target of stats slo: memory that items take, in percent")
            .more("A cache that evicts is meant to be full: there the target is judged only when it is given.")),
    SLO_REPLICATION_LAG(measuring("slo_replication_lag", NUMBER, "100")
            .unit("milliseconds")
            .from(1)
            .to(3_600_000)
            .means("target of stats slo: how far peers may be behind, in ms")
            .more("Not judged without peers.")),
    CONFIG(longOnly("config")
            .ours()
            .in(Topic.PROCESS)
            .takes(FILE, "none")
            .means("read options from this file first")
            .more("One option per line, written name = value or as on the command line, which is also how Debian's"
                    + " memcached.conf is written. A number sign starts a comment. The command line wins over the"
                    + " file, the file over the defaults.")),
    USER(option('u', "user")
            .in(Topic.PROCESS)
            .takes(TEXT, "none")
            .means("user to run as, when started by root")
            .more(
                    "The karst script becomes that user before Java starts, because a Java process cannot change its user."
                            + " Not as root this is ignored silently, as in memcached. When Java is started without the script,"
                            + " or the option stands in a file, Karst says in one line that it goes on as root.")),
    PIDFILE(option('P', "pidfile")
            .in(Topic.PROCESS)
            .takes(FILE, "none")
            .means("write the process id to this file")
            .more("Written with or without -d; removed at a clean stop. When it cannot be written Karst says so and"
                    + " goes on, as memcached does.")),
    VERBOSE(option('v', "verbose")
            .in(Topic.PROCESS)
            .stat("verbosity")
            .means("say more; -vv says still more")
            .more("-v tells what clients were refused, and why; -vv tells every connection, command and reply."
                    + " Values are named, not shown. The verbosity command sets the same while Karst runs. In a"
                    + " file: verbose = 2.")),
    DAEMON(option('d', "daemon")
            .in(Topic.PROCESS)
            .means("run in the background")
            .more("The karst script starts Java in a session of its own and ends when clients can connect, or with the"
                    + " complaint and status of a failed start. What the server says later is dropped, unless -v keeps it"
                    + " on the terminal. In a configuration file, where Debian's memcached.conf has it, the line is"
                    + " skipped.")),
    ENABLE_COREDUMPS(option('r', "enable-coredumps")
            .in(Topic.PROCESS)
            .ignored()
            .means("lift the limit on core files")
            .more("Use ulimit -c unlimited, or LimitCORE= in the service.")),
    MEMORY_FILE(option('e', "memory-file")
            .in(Topic.PROCESS)
            .takes(FILE, "none")
            .refused("Leave it out: the cache starts empty.")
            .stat("memory_file")
            .means("keep items in this file over a restart")),
    EXTENDED(option('o', "extended")
            .in(Topic.PROCESS)
            .takes(SUB_OPTIONS, "none")
            .means("further options, separated by commas: -o name,name=value")),
    LICENSE(option('i', "license").in(Topic.PROCESS).means("print the licence and stop")),
    HELP(option('h', "help").in(Topic.PROCESS).means("print this page and stop")),
    VERSION(option('V', "version").in(Topic.PROCESS).means("print the version and stop")),
    SLAB_GROWTH_FACTOR(option('f', "slab-growth-factor")
            .takes(DECIMAL, "1.25")
            .ignored()
            .stat("growth_factor")
            .means("growth from one slab class to the next")),
    SLAB_MIN_SIZE(option('n', "slab-min-size")
            .takes(NUMBER, "48")
            .unit("bytes")
            .from(1)
            .ignored()
            .stat("chunk_size")
            .means("smallest slab chunk, in bytes")),
    NAPI_IDS(option('N', "napi-ids")
            .takes(NUMBER, "0")
            .from(1)
            .ignored()
            .stat("num_napi_ids")
            .means("network queues to spread connections by")),
    HASHPOWER(sub("hashpower")
            .takes(NUMBER, "0")
            .from(12)
            .to(32)
            .ignored()
            .stat("hashpower_init")
            .means("size of the hash table at start, as a power of two")),
    NO_HASHEXPAND(sub("no_hashexpand").ignored().means("never grow the hash table")),
    HASH_ALGORITHM(sub("hash_algorithm")
            .oneOf("murmur3", "jenkins", "murmur3", "xxh3")
            .ignored()
            .stat("hash_algorithm")
            .means("hash function of the hash table (Karst's is xxh64)")),
    SLAB_REASSIGN(sub("slab_reassign").ignored().stat("slab_reassign").means("move pages between slab classes")),
    NO_SLAB_REASSIGN(sub("no_slab_reassign").ignored().means("leave pages where they are")),
    SLAB_AUTOMOVE(sub("slab_automove")
            .takes(OPTIONAL_NUMBER, "1")
            .from(0)
            .to(2)
            .ignored()
            .stat("slab_automove")
            .means("move pages by itself: 0, 1 or 2")),
    NO_SLAB_AUTOMOVE(sub("no_slab_automove").ignored().means("do not move pages by itself")),
    SLAB_AUTOMOVE_RATIO(sub("slab_automove_ratio")
            .takes(DECIMAL, "0.8")
            .ignored()
            .stat("slab_automove_ratio")
            .means("age difference that makes a page move")),
    SLAB_AUTOMOVE_WINDOW(sub("slab_automove_window")
            .takes(NUMBER, "30")
            .from(3)
            .ignored()
            .stat("slab_automove_window")
            .means("observations before a page moves")),
    SLAB_AUTOMOVE_FREERATIO(sub("slab_automove_freeratio")
            .takes(DECIMAL, "0.01")
            .ignored()
            .stat("slab_automove_freeratio")
            .means("share of memory held free for external storage")),
    SLAB_SIZES(sub("slab_sizes").takes(TEXT, "none").ignored().means("chunk sizes, separated by hyphens")),
    SLAB_CHUNK_MAX(sub("slab_chunk_max")
            .takes(NUMBER, "512")
            .unit("KiB")
            .from(1)
            .ignored()
            .stat("slab_chunk_max")
            .means("largest slab chunk, in KiB")),
    NO_CHUNKED_ITEMS(sub("no_chunked_items").ignored().means("keep large items in one chunk")),
    LRU_CRAWLER(sub("lru_crawler").ignored().stat("lru_crawler").means("look for expired items in the background")),
    NO_LRU_CRAWLER(sub("no_lru_crawler").ignored().means("do not look for expired items in the background")),
    LRU_CRAWLER_SLEEP(sub("lru_crawler_sleep")
            .takes(NUMBER, "100")
            .unit("microseconds")
            .from(0)
            .to(1_000_000)
            .ignored()
            .stat("lru_crawler_sleep")
            .means("pause between items looked at, in microseconds")),
    LRU_CRAWLER_TOCRAWL(sub("lru_crawler_tocrawl")
            .takes(NUMBER, "0")
            .from(0)
            .to(0xffff_ffffL)
            .ignored()
            .stat("lru_crawler_tocrawl")
            .means("most items looked at per slab class and run")),
    LRU_MAINTAINER(sub("lru_maintainer")
            .ignored()
            .stat("lru_maintainer_thread")
            .means("keep several LRU lists, with a thread that moves items between them")),
    NO_LRU_MAINTAINER(sub("no_lru_maintainer").ignored().means("keep one LRU list")),
    HOT_LRU_PCT(sub("hot_lru_pct")
            .takes(NUMBER, "20")
            .from(1)
            .to(79)
            .ignored()
            .stat("hot_lru_pct")
            .means("share of memory for the hot list, in percent")),
    WARM_LRU_PCT(sub("warm_lru_pct")
            .takes(NUMBER, "40")
            .from(1)
            .to(79)
            .ignored()
            .stat("warm_lru_pct")
            .means("share of memory for the warm list, in percent")),
    HOT_MAX_FACTOR(sub("hot_max_factor")
            .takes(DECIMAL, "0.2")
            .ignored()
            .stat("hot_max_factor")
            .means("idle share of the cold list's age at which items leave the hot list")),
    WARM_MAX_FACTOR(sub("warm_max_factor")
            .takes(DECIMAL, "2")
            .ignored()
            .stat("warm_max_factor")
            .means("idle share of the cold list's age at which items leave the warm list")),
    TEMPORARY_TTL(sub("temporary_ttl")
            .takes(NUMBER, "61")
            .unit("seconds")
            .ignored()
            .stat("temporary_ttl")
            .means("items that live shorter get a list of their own")),
    TAIL_REPAIR_TIME(sub("tail_repair_time")
            .takes(NUMBER, "0")
            .unit("seconds")
            .from(10)
            .ignored()
            .stat("tail_repair_time")
            .means("age at which a leaked item is freed by force")),
    READ_BUF_MEM_LIMIT(sub("read_buf_mem_limit")
            .takes(NUMBER, "0")
            .unit("MiB")
            .from(0)
            .ignored()
            .stat("read_buf_mem_limit")
            .means("memory for connection buffers, in MiB")),
    RESP_OBJ_MEM_LIMIT(
            sub("resp_obj_mem_limit").takes(OPTIONAL_NUMBER, "0").ignored().means("obsolete in memcached as well")),
    WATCHER_LOGBUF_SIZE(sub("watcher_logbuf_size")
            .takes(NUMBER, "256")
            .unit("KiB")
            .from(0)
            .ignored()
            .stat("watcher_logbuf_size")
            .means("log buffer per watcher, in KiB")),
    WORKER_LOGBUF_SIZE(sub("worker_logbuf_size")
            .takes(NUMBER, "64")
            .unit("KiB")
            .from(0)
            .ignored()
            .stat("worker_logbuf_size")
            .means("log buffer per thread, in KiB")),
    INLINE_ASCII_RESP(
            sub("inline_ascii_resp").ignored().stat("inline_ascii_response").means("obsolete in memcached as well")),
    NO_INLINE_ASCII_RESP(sub("no_inline_ascii_resp").ignored().means("obsolete in memcached as well")),
    MODERN(sub("modern").ignored().means("defaults of a future memcached")),
    NO_MODERN(sub("no_modern").ignored().means("defaults of memcached 1.4")),
    DROP_PRIVILEGES(sub("drop_privileges").ignored().means("give up system calls that are not needed")),
    NO_DROP_PRIVILEGES(sub("no_drop_privileges").ignored().means("keep all system calls")),
    RELAXED_PRIVILEGES(sub("relaxed_privileges").ignored().means("keep the system calls that memcached's tests need")),
    SOCK_COOKIE_ID(sub("sock_cookie_id").takes(NUMBER, "0").ignored().means("mark sockets for a packet filter")),
    META_RESPONSE_OLD(sub("meta_response_old")
            .refused("Leave it out: clients of today expect HD.")
            .means("answer OK instead of HD to meta commands")),
    PROXY_CONFIG(sub("proxy_config")
            .takes(TEXT, "none")
            .refused("Run memcached's own proxy in front of Karst.")
            .means("be a proxy, as this Lua file says")),
    PROXY_ARG(sub("proxy_arg")
            .takes(TEXT, "none")
            .refused("Run memcached's own proxy in front of Karst.")
            .means("argument for the proxy's Lua file")),
    PROXY_URING(sub("proxy_uring")
            .refused("Run memcached's own proxy in front of Karst.")
            .means("let the proxy use io_uring")),
    EXT_PATH(sub("ext_path")
            .takes(TEXT, "none")
            .refused("Leave it out: Karst keeps items in memory only.")
            .means("file and size of external storage")),
    EXT_PAGE_SIZE(ext("ext_page_size", NUMBER, "64").unit("MiB").means("storage page, in MiB")),
    EXT_WBUF_SIZE(
            ext("ext_wbuf_size", NUMBER, "4").unit("MiB").stat("ext_wbuf_size").means("write buffer, in MiB")),
    EXT_THREADS(ext("ext_threads", NUMBER, "1").means("storage threads")),
    EXT_IO_DEPTH(ext("ext_io_depth", NUMBER, "1").means("requests on their way per storage thread")),
    EXT_ITEM_SIZE(ext("ext_item_size", NUMBER, "512")
            .unit("bytes")
            .stat("ext_item_size")
            .means("smallest item stored")),
    EXT_ITEM_AGE(ext("ext_item_age", NUMBER, "none")
            .unit("seconds")
            .stat("ext_item_age")
            .means("items idle for so long are stored")),
    EXT_LOW_TTL(ext("ext_low_ttl", NUMBER, "0")
            .unit("seconds")
            .stat("ext_low_ttl")
            .means("items of shorter life stay apart")),
    EXT_RECACHE_RATE(ext("ext_recache_rate", NUMBER, "2000")
            .stat("ext_recache_rate")
            .means("one access in so many brings an item back")),
    EXT_COMPACT_UNDER(ext("ext_compact_under", NUMBER, "none")
            .stat("ext_compact_under")
            .means("compact below so many free pages")),
    EXT_DROP_UNDER(ext("ext_drop_under", NUMBER, "none")
            .stat("ext_drop_under")
            .means("drop cold items below so many free pages")),
    EXT_MAX_SLEEP(ext("ext_max_sleep", NUMBER, "1000000")
            .unit("microseconds")
            .stat("ext_max_sleep")
            .means("longest pause of storage threads")),
    EXT_MAX_FRAG(ext("ext_max_frag", DECIMAL, "0.8").stat("ext_max_frag").means("fragmentation allowed")),
    EXT_DROP_UNREAD(ext("ext_drop_unread", Argument.FLAG, "no")
            .stat("ext_drop_unread")
            .means("drop unread items when compacting"));

    private static final Map<String, Option> BY_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Option::longName, Function.identity()));

    private final Row row;

    Option(Row row) {
        this.row = row;
    }

    private static Row tls(String name, Argument argument, String defaultText) {
        return sub(name).in(Topic.SECURITY).takes(argument, defaultText).stat(name);
    }

    private static Row measuring(String name, Argument argument, String defaultText) {
        return sub(name).ours().in(Topic.MEASURING).takes(argument, defaultText).stat(name);
    }

    // Without ext_path, which is refused, memcached does nothing with these either.
    private static Row ext(String name, Argument argument, String defaultText) {
        return sub(name).takes(argument, defaultText).ignored();
    }

    /** The option with this long name or {@code -o} name, as written in a file. */
    public static Optional<Option> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** memcached's letter, or 0 when there is none. */
    public char letter() {
        return row.letter;
    }

    /** The long name without hyphens in front, or the {@code -o} name: unique over the table. */
    public String longName() {
        return row.name;
    }

    /** Whether it is given through {@code -o}. */
    public boolean isSubOption() {
        return row.subOption;
    }

    /** The heading it is listed under. */
    public Topic topic() {
        return row.topic;
    }

    /** The kind of its argument. */
    public Argument argument() {
        return row.argument;
    }

    /** How far Karst follows it. */
    public Support support() {
        return row.support;
    }

    /** What its number counts, empty when it is a plain count. */
    public String unit() {
        return row.unit;
    }

    /** The smallest number accepted, in bytes for sizes. */
    public long least() {
        return row.least;
    }

    /** The largest number accepted, in bytes for sizes. */
    public long most() {
        return row.most;
    }

    /** The words accepted, empty unless the argument is a choice. */
    public List<String> choices() {
        return row.choices;
    }

    /** The value when it is not given, as it would be written; {@code none} when there is no value. */
    public String defaultText() {
        return row.defaultText;
    }

    /** Its key in {@code stats settings}, or empty. */
    public String statKey() {
        return row.statKey;
    }

    /** What it does, in one line without a full stop. */
    public String meaning() {
        return row.meaning;
    }

    /** What else to know, in sentences, or empty. */
    public String detail() {
        return row.detail;
    }

    /** What to do instead when it is refused, or empty. */
    public String instead() {
        return row.instead;
    }
}
