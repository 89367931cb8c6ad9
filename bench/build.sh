# Sourced by bench/run, bench/load, bench/compare, bench/replay and bench/simulate: builds the module once per change of the sources,
# then offers `run <main class> <arguments>`, which becomes a JVM with the server's own flags.
# shellcheck shell=sh
root=$(cd "$(dirname "$0")/.." && pwd -P)
lib=$root/bench/target/lib
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

is_built() {
    [ -d "$lib" ] || return 1
    newer=$(find "$root/pom.xml" "$root/.mvn" "$root"/*/pom.xml "$root"/*/src/main -newer "$lib" -print 2>/dev/null |
        head -n 1)
    [ -z "$newer" ]
}

if ! is_built; then
    echo "bench: building" >&2
    rm -rf "$lib"
    (cd "$root" && mvn -q -B -DskipTests -Dspotless.check.skip=true -Dkarst.bench="$lib" package -pl bench -am >&2)
    touch "$lib"
fi

options25=
"$java" "@$root/packaging/src/jvm25.options" -version >/dev/null 2>&1 && options25=@$root/packaging/src/jvm25.options

run() {
    # shellcheck disable=SC2086  # Several flags in one variable are meant to be several words.
    exec ${KARST_BENCH_PREFIX:-} "$java" "@$root/packaging/src/jvm.options" ${options25:+"$options25"} \
        ${heap:-} ${KARST_JAVA_OPTIONS:-} -cp "$lib/*" "$@"
}
